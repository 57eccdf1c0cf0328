import type {
  CreateTopicInput,
  CreateTopicResponse,
  DeleteTopicInput,
  GetTopicAttributesInput,
  GetTopicAttributesResponse,
  ListSubscriptionsByTopicInput,
  ListSubscriptionsByTopicResponse,
  ListTopicsInput,
  ListTopicsResponse,
  PublishInput,
  PublishResponse,
  SubscribeInput,
  SubscribeResponse,
} from '@aws-sdk/client-sns';
import type { TopicRecord } from '../engine/records/services.ts';
import { ACCOUNT, type Region } from '../engine/world.ts';
import { ServiceError } from '../protocol/error.ts';
import { page } from './pages.ts';
import type { Handlers } from './service.ts';

export const snsHandlers: Handlers = {
  CreateTopic,
  ListTopics,
  GetTopicAttributes,
  DeleteTopic,
  Subscribe,
  ListSubscriptionsByTopic,
  Publish,
};

const invalid = (what: string) => new ServiceError('InvalidParameter', `Invalid parameter: ${what}`);

/** A topic that exists already is answered with its ARN. */
function CreateTopic(input: CreateTopicInput, region: Region): CreateTopicResponse {
  const name = input.Name ?? '';
  if (!/^[\w-]{1,256}$/.test(name) && !/^[\w-]{1,251}\.fifo$/.test(name)) throw invalid('Topic Name');
  const arn = `arn:aws:sns:${region.name}:${ACCOUNT}:${name}`;
  const displayName = input.Attributes?.DisplayName;
  if (!region.state.topics.has(arn))
    region.state.topics.set(arn, {
      arn,
      subscriptions: [],
      messages: [],
      ...(displayName === undefined ? {} : { displayName }),
    });
  return { TopicArn: arn };
}

/** A hundred a page; the size cannot be chosen. */
function snsPage<T>(items: readonly T[], token: string | undefined, query: unknown) {
  const { items: content, nextToken } = page(items, {
    token,
    size: undefined,
    otherwise: 100,
    query,
    badToken: () => invalid('NextToken Reason: Invalid token'),
  });
  return { items: content, next: nextToken === undefined ? {} : { NextToken: nextToken } };
}

function ListTopics(input: ListTopicsInput, region: Region): ListTopicsResponse {
  const { items, next } = snsPage([...region.state.topics.keys()].sort(), input.NextToken, 'topics');
  return { Topics: items.map((TopicArn) => ({ TopicArn })), ...next };
}

function GetTopicAttributes(input: GetTopicAttributesInput, region: Region): GetTopicAttributesResponse {
  const topic = find(region, input.TopicArn);
  return {
    Attributes: {
      TopicArn: topic.arn,
      Owner: ACCOUNT,
      DisplayName: topic.displayName ?? '',
      SubscriptionsConfirmed: String(topic.subscriptions.length),
      SubscriptionsPending: '0',
      SubscriptionsDeleted: '0',
    },
  };
}

/** One that is not there counts as deleted. */
function DeleteTopic(input: DeleteTopicInput, region: Region): undefined {
  region.state.topics.delete(input.TopicArn ?? '');
}

/** Subscriptions are kept and taken as confirmed; nothing is delivered. */
function Subscribe(input: SubscribeInput, region: Region): SubscribeResponse {
  const topic = find(region, input.TopicArn);
  const { Protocol: protocol = '', Endpoint: endpoint = '' } = input;
  const known = topic.subscriptions.find(
    (subscription) => subscription.protocol === protocol && subscription.endpoint === endpoint,
  );
  if (known) return { SubscriptionArn: known.arn };
  const arn = `${topic.arn}:${region.world.newUuid()}`;
  topic.subscriptions.push({ arn, protocol, endpoint });
  return { SubscriptionArn: arn };
}

function ListSubscriptionsByTopic(
  input: ListSubscriptionsByTopicInput,
  region: Region,
): ListSubscriptionsByTopicResponse {
  const topic = find(region, input.TopicArn);
  const { items, next } = snsPage(topic.subscriptions, input.NextToken, topic.arn);
  const Subscriptions = items.map(({ arn, protocol, endpoint }) => ({
    SubscriptionArn: arn,
    TopicArn: topic.arn,
    Protocol: protocol,
    Endpoint: endpoint,
    Owner: ACCOUNT,
  }));
  return { Subscriptions, ...next };
}

const MOST_SUBJECT_UNITS = 100;
const MOST_MESSAGE_BYTES = 262_144;

/** Messages are kept in the state, where a person or a test can read them. */
function Publish(input: PublishInput, region: Region): PublishResponse {
  const { Message: message = '', Subject: subject, MessageStructure: structure } = input;
  const topic = find(region, input.TopicArn ?? input.TargetArn);
  requireSubject(subject);
  if (message === '') throw invalid('Empty message');
  if (Buffer.byteLength(message) > MOST_MESSAGE_BYTES) throw invalid('Message too long');
  if (structure !== undefined && structure !== 'json') throw invalid('Invalid message structure');
  if (structure === 'json') requireDefaultEntry(message);
  topic.messages.push({
    at: region.now,
    message,
    ...(subject === undefined ? {} : { subject }),
    ...(structure === undefined ? {} : { structure }),
  });
  return { MessageId: region.world.newUuid() };
}

/** Counted in UTF-16 units, as natively; without line breaks and control characters. */
function requireSubject(subject: string | undefined): void {
  if (subject === undefined) return;
  if (subject === '' || subject.length > MOST_SUBJECT_UNITS || /\p{Cc}/u.test(subject))
    throw invalid('Subject');
}

/** A number, null or an empty text as default is taken; an object or a list is not (seen natively). */
function requireDefaultEntry(message: string): void {
  const content = parsed(message);
  const entry: unknown = Object.hasOwn(content, 'default') ? Reflect.get(content, 'default') : [];
  if (typeof entry === 'object' && entry !== null)
    throw invalid('Message Structure - No default entry in JSON message body');
}

function parsed(message: string): object {
  try {
    return Object(JSON.parse(message));
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
}

function find(region: Region, arn: string | undefined): TopicRecord {
  const topic = region.state.topics.get(arn ?? '');
  if (topic) return topic;
  if (!/^arn:aws:sns:[\w-]+:\d{12}:.+$/.test(arn ?? '')) throw invalid(`TopicArn Reason: ${arn}`);
  throw new ServiceError('NotFound', 'Topic does not exist', 404);
}
