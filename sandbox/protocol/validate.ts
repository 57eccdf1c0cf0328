import { ServiceError } from './error.ts';
import type { Call } from './request.ts';
import { requiredMembers } from './schema.ts';

const DRY_RUN = new ServiceError(
  'DryRunOperation',
  'Request would have succeeded, but DryRun flag is set.',
  412,
);

/** Calls that look at their parameters before they answer a dry run (seen natively). */
const VALIDATED_FIRST: ReadonlySet<string> = new Set(['RunInstances', 'CreateVolume']);

/** EC2 answers a dry run before it looks at the parameters (seen natively for nearly every call). */
export function answerDryRun({ served, operation, input }: Call): void {
  const dryRun = served.service.wire === 'ec2-query' && Reflect.get(input, 'DryRun') === true;
  if (dryRun && !VALIDATED_FIRST.has(operation.name)) throw DRY_RUN;
}

/** What the schemas can tell without the service: the members that have to be there. */
export function validateInput({ envelope, served, operation, input }: Call): void {
  const absent = requiredMembers(operation.input).filter((name) => Reflect.get(input, name) === undefined);
  const [first] = absent;
  if (first === undefined) return;
  if (served.service.wire === 'ec2-query')
    throw new ServiceError('MissingParameter', `The request must contain the parameter ${first}`);
  const parts = absent.map(
    (name) =>
      `Value null at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: Member must not be null`,
  );
  const count = absent.length === 1 ? '1 validation error' : `${absent.length} validation errors`;
  const code = envelope.wire === 'json' ? 'ValidationException' : 'ValidationError';
  throw new ServiceError(code, `${count} detected: ${parts.join('; ')}`);
}
