import type { ServedService } from '../services/index.ts';
import { ServiceError } from './error.ts';
import { decodeJsonBody } from './json.ts';
import { decodeQuery } from './query.ts';
import type { Operation } from './schema.ts';
import type { Wire } from './values.ts';

/** What arrived over HTTP. */
export interface RawRequest {
  method: string;
  /** The query string, without the question mark. */
  query: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
}

/** What can be told from a request before its input is read: enough to word an error. */
export interface Envelope {
  wire: Wire;
  /** Version of AWS JSON, as the request has it: the answer's is the same. */
  jsonVersion: '1.0' | '1.1';
  /** The client of a service that left the Query protocol wants errors in both forms. */
  queryMode: boolean;
  served: ServedService | undefined;
  region: string;
  /** Of the credentials that signed; absent in requests that are not signed. */
  accessKeyId?: string;
  /** `X-Amz-Target`, or the parameters of a Query request. */
  target: string;
  parameters: URLSearchParams;
}

/** A request as the services understand it. */
export interface Call {
  envelope: Envelope;
  served: ServedService;
  operation: Operation;
  region: string;
  input: object;
}

/** Region of a request that is not signed, such as AssumeRoleWithWebIdentity. */
const UNSIGNED_REGION = 'us-east-1';

/** Service names in signatures where they differ from the sandbox's. */
const SCOPES: Readonly<Record<string, string>> = { elasticloadbalancing: 'elbv2', monitoring: 'cloudwatch' };

/** Finds out which service is meant, in which Region, and how it has to be answered. */
export function readEnvelope(services: readonly ServedService[], request: RawRequest): Envelope {
  const parameters = new URLSearchParams(request.query);
  const target = header(request, 'x-amz-target');
  const json = target !== '' || header(request, 'content-type').startsWith('application/x-amz-json');
  if (!json) for (const [key, value] of new URLSearchParams(request.body)) parameters.append(key, value);
  // Clients that sign the URL have the same fields there.
  const credential =
    /Credential=([^,\s]+)/.exec(header(request, 'authorization'))?.[1] ?? parameters.get('X-Amz-Credential');
  const [accessKeyId, , region = '', scope = ''] = (credential ?? '').split('/');
  const version = parameters.get('Version');
  const served = services.find(({ service }) =>
    json ? service.target === target.split('.')[0] : service.version === version,
  );
  const signedFor = services.find(({ service }) => service.name === (SCOPES[scope] ?? scope));
  const isEc2 = (served ?? signedFor)?.service.wire === 'ec2-query';
  return {
    wire: json ? 'json' : isEc2 ? 'ec2-query' : 'query',
    jsonVersion: header(request, 'content-type').startsWith('application/x-amz-json-1.0') ? '1.0' : '1.1',
    queryMode: header(request, 'x-amzn-query-mode') === 'true',
    served,
    region: /^[a-z]{2}(-[a-z]+)+-\d$/.test(region) ? region : UNSIGNED_REGION,
    ...(accessKeyId ? { accessKeyId } : {}),
    target,
    parameters,
  };
}

/** The operation that is called, with its decoded input. */
export function decodeRequest(envelope: Envelope, body: string): Call {
  const { served, region } = envelope;
  const name = operationName(envelope);
  const operation = served?.service.operations.get(name);
  if (!served || !operation || !Object.hasOwn(served.handlers, name))
    throw unknownOperation(envelope, name, operation !== undefined);
  const input =
    envelope.wire === 'json'
      ? decodeJsonBody(operation.input, body)
      : decodeQuery(operation.input, envelope.parameters, envelope.wire);
  return { envelope, served, operation, region, input };
}

function operationName({ wire, target, parameters }: Envelope): string {
  if (wire === 'json') return target.slice(target.indexOf('.') + 1);
  const name = parameters.get('Action');
  if (name) return name;
  throw new ServiceError(
    'MissingAction',
    wire === 'ec2-query'
      ? 'The request must contain the parameter Action'
      : 'One or more required parameters in the request are missing: Action',
  );
}

function unknownOperation({ wire, served, parameters }: Envelope, name: string, real: boolean): ServiceError {
  const hint = real ? ' (AWS has it; the sandbox does not serve it.)' : '';
  if (wire === 'json') return new ServiceError('UnknownOperationException', hint.trim());
  const version = parameters.get('Version');
  if (wire === 'query')
    return new ServiceError(
      'InvalidAction',
      `Could not find operation ${name} for version ${version ?? 'NO_VERSION_SPECIFIED'}${hint}`,
    );
  if (served)
    return new ServiceError('InvalidAction', `The action ${name} is not valid for this web service.${hint}`);
  if (version === null)
    return new ServiceError('MissingParameter', 'The request must contain the parameter Version');
  return new ServiceError(
    'NoSuchVersion',
    `The requested version (${version}) of service AmazonEC2 does not exist`,
  );
}

function header(request: RawRequest, name: string): string {
  const value = request.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
}
