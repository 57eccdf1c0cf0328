import type { ServiceError } from './error.ts';
import { encodeJson } from './json.ts';
import type { Call, Envelope } from './request.ts';
import { encodeXml, escapeXml } from './xml.ts';

/** What goes out over HTTP. */
export interface RawAnswer {
  status: number;
  contentType: string;
  body: string;
  headers?: Readonly<Record<string, string>>;
}

/** Answers that begin with `<return>true</return>` though the SDK's shapes do not say so. */
const WITH_RETURN: ReadonlySet<string> = new Set(['CreateSecurityGroup']);

export function encodeAnswer(
  { envelope, served, operation }: Call,
  output: object | undefined,
  requestId: string,
): RawAnswer {
  if (envelope.wire === 'json') {
    const document = operation.output.isUnitSchema() ? {} : encodeJson(operation.output, output ?? {});
    return json(envelope, 200, document, requestId);
  }
  const { namespace } = served.service;
  const { name } = operation;
  const content = encodeXml(operation.output, output ?? {});
  if (envelope.wire === 'ec2-query') {
    const done = output === undefined || WITH_RETURN.has(name) ? '<return>true</return>' : '';
    const body = `<requestId>${requestId}</requestId>${done}${content}`;
    return xml(envelope, 200, `<${name}Response xmlns="${namespace}">${body}</${name}Response>`, requestId);
  }
  const result = operation.output.isUnitSchema() ? '' : `<${name}Result>${content}</${name}Result>`;
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  const body = `<${name}Response xmlns="${namespace}">${result}${metadata}</${name}Response>`;
  return xml(envelope, 200, body, requestId);
}

/** An error in the words and the wire format of the service. */
export function encodeError(envelope: Envelope, error: ServiceError, requestId: string): RawAnswer {
  const { code, message, status } = error;
  if (envelope.wire === 'json') {
    // Some errors of the JSON services come without any message.
    const text = message === '' ? {} : { [UPPER_CASE.has(code) ? 'Message' : 'message']: message };
    const answer = json(envelope, status, { __type: code, ...text }, requestId);
    if (!envelope.queryMode) return answer;
    const fault = status >= 500 ? 'Receiver' : 'Sender';
    return { ...answer, headers: { ...answer.headers, 'x-amzn-query-error': `${code};${fault}` } };
  }
  const text = `<Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>`;
  if (envelope.wire === 'ec2-query') {
    const body = `<Errors><Error>${text}</Error></Errors><RequestID>${requestId}</RequestID>`;
    return xml(envelope, status, `<Response>${body}</Response>`, requestId);
  }
  const type = status >= 500 ? 'Receiver' : 'Sender';
  const namespace = envelope.served ? ` xmlns="${envelope.served.service.namespace}"` : '';
  return xml(
    envelope,
    status,
    `<ErrorResponse${namespace}><Error><Type>${type}</Type>${text}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
    requestId,
  );
}

/** JSON errors whose text is in `Message`, not in `message`; for those after the first three an inference. */
const UPPER_CASE: ReadonlySet<string> = new Set([
  'InvalidNextToken',
  'InvalidFilterKey',
  'InvalidFilterValue',
  'SerializationException',
  'AccessDeniedException',
]);

function json({ jsonVersion }: Envelope, status: number, document: unknown, requestId: string): RawAnswer {
  return {
    status,
    contentType: `application/x-amz-json-${jsonVersion}`,
    body: JSON.stringify(document),
    headers: { 'x-amzn-requestid': requestId },
  };
}

function xml({ wire }: Envelope, status: number, content: string, requestId: string): RawAnswer {
  const id = { 'x-amzn-requestid': requestId };
  if (wire !== 'ec2-query') return { status, contentType: 'text/xml', body: content, headers: id };
  return {
    status,
    contentType: 'text/xml;charset=UTF-8',
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${content}`,
    headers: {
      ...id,
      server: 'AmazonEC2',
      'cache-control': 'no-cache, no-store',
      ...(status === 400 ? { connection: 'close' } : {}),
    },
  };
}
