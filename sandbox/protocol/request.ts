import type { ServedService } from '../services/index.ts';
import { ServiceError } from './error.ts';
import { decodeJson, encodeJson } from './json.ts';
import { decodeQuery } from './query.ts';
import type { Operation } from './schema.ts';
import { encodeXml, escapeXml } from './xml.ts';

/** What arrived over HTTP. */
export interface RawRequest {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
}

/** A request as the services understand it. */
export interface Call {
  served: ServedService;
  operation: Operation;
  region: string;
  input: unknown;
}

export interface RawAnswer {
  status: number;
  contentType: string;
  body: string;
  headers?: Readonly<Record<string, string>>;
}

/** Region of a request that is not signed, such as AssumeRoleWithWebIdentity. */
const UNSIGNED_REGION = 'us-east-1';

/** Finds out which operation of which service is called, in which Region, and decodes its input. */
export function decodeRequest(services: readonly ServedService[], request: RawRequest): Call {
  const region =
    /Credential=[^/]+\/\d+\/([^/]+)\//.exec(header(request, 'authorization'))?.[1] ?? UNSIGNED_REGION;
  const target = header(request, 'x-amz-target');
  return target === ''
    ? decodeQueryRequest(services, request, region)
    : decodeJsonRequest(services, request, region, target);
}

function decodeJsonRequest(
  services: readonly ServedService[],
  request: RawRequest,
  region: string,
  target: string,
): Call {
  const [prefix = '', name = ''] = target.split('.');
  const served = services.find(({ service }) => service.target === prefix);
  const operation = served?.service.operations.get(name);
  if (!served || !operation || !served.handlers[name]) {
    throw new ServiceError('UnknownOperationException', `The sandbox has no operation ${target}.`);
  }
  return {
    served,
    operation,
    region,
    input: decodeJson(operation.input, JSON.parse(request.body || '{}')) ?? {},
  };
}

/** Query requests name their operation in `Action` and their service by `Version`. */
function decodeQueryRequest(services: readonly ServedService[], request: RawRequest, region: string): Call {
  const parameters = new URLSearchParams(request.body);
  const name = parameters.get('Action') ?? '';
  const version = parameters.get('Version') ?? '';
  const served = services.find(({ service }) => service.version === version);
  const operation = served?.service.operations.get(name);
  if (!served || !operation || !served.handlers[name]) {
    throw new ServiceError('InvalidAction', `The sandbox has no operation ${name} of version ${version}.`);
  }
  const input = decodeQuery(operation.input, parameters, served.service.wire === 'ec2-query');
  return { served, operation, region, input };
}

/** The wire format in which an answer has to be, known from the request alone. */
export function isJson(request: RawRequest): boolean {
  return header(request, 'x-amz-target') !== '';
}

export function encodeAnswer(
  { served, operation }: Call,
  output: object | undefined,
  requestId: string,
  json: boolean,
): RawAnswer {
  if (json) {
    return {
      status: 200,
      contentType: 'application/x-amz-json-1.1',
      body: JSON.stringify(encodeJson(operation.output, output ?? {})),
    };
  }
  const { wire, namespace } = served.service;
  const content = encodeXml(operation.output, output ?? {});
  const { name } = operation;
  if (wire === 'ec2-query') {
    const body = output === undefined ? '<return>true</return>' : content;
    return xml(
      200,
      `<${name}Response xmlns="${namespace}"><requestId>${requestId}</requestId>${body}</${name}Response>`,
    );
  }
  const result = operation.output.isUnitSchema() ? '' : `<${name}Result>${content}</${name}Result>`;
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return xml(200, `<${name}Response xmlns="${namespace}">${result}${metadata}</${name}Response>`);
}

/** An error in the words and the wire format of the service. */
export function encodeError(request: RawRequest, error: ServiceError, requestId: string): RawAnswer {
  if (isJson(request)) {
    // Some errors of the JSON services come without any message.
    const body = { __type: error.code, ...(error.message === '' ? {} : { message: error.message }) };
    return { status: error.status, contentType: 'application/x-amz-json-1.1', body: JSON.stringify(body) };
  }
  const text = `<Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message>`;
  if (new URLSearchParams(request.body).get('Version') === '2016-11-15') {
    return xml(
      error.status,
      `<Response><Errors><Error>${text}</Error></Errors><RequestID>${requestId}</RequestID></Response>`,
    );
  }
  const type = error.status >= 500 ? 'Receiver' : 'Sender';
  return xml(
    error.status,
    `<ErrorResponse><Error><Type>${type}</Type>${text}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  );
}

function xml(status: number, content: string): RawAnswer {
  return {
    status,
    contentType: 'text/xml;charset=UTF-8',
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${content}`,
  };
}

function header(request: RawRequest, name: string): string {
  const value = request.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
}
