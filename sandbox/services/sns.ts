import type {
  CreateTopicInput,
  CreateTopicResponse,
  ListTopicsResponse,
  PublishInput,
  PublishResponse,
} from '@aws-sdk/client-sns';
import { ACCOUNT, type Region } from '../engine/world.ts';
import { ServiceError } from '../protocol/error.ts';
import type { Handlers } from './service.ts';

export const snsHandlers: Handlers = { CreateTopic, ListTopics, Publish };

function CreateTopic(input: CreateTopicInput, region: Region): CreateTopicResponse {
  const arn = `arn:aws:sns:${region.name}:${ACCOUNT}:${input.Name}`;
  if (!region.state.topics.has(arn)) region.state.topics.set(arn, { arn, messages: [] });
  return { TopicArn: arn };
}

function ListTopics(_input: unknown, region: Region): ListTopicsResponse {
  return { Topics: [...region.state.topics.keys()].map((TopicArn) => ({ TopicArn })) };
}

/** Messages are kept in the state, where a person or a test can read them. */
function Publish(input: PublishInput, region: Region): PublishResponse {
  const topic = region.state.topics.get(input.TopicArn ?? '');
  if (!topic) throw new ServiceError('NotFound', 'Topic does not exist', 404);
  topic.messages.push({
    at: region.now,
    message: input.Message ?? '',
    ...(input.Subject === undefined ? {} : { subject: input.Subject }),
  });
  return { MessageId: region.world.newUuid() };
}
