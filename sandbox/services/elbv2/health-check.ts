import type { CreateTargetGroupInput } from '@aws-sdk/client-elastic-load-balancing-v2';
import type {
  ListenerProtocol,
  TargetGroupRecord,
  TargetHealthCheck,
} from '../../engine/records/load-balancing.ts';
import { validationError } from '../../protocol/error.ts';

/** How a target group's targets are checked: defaults by protocol, and the values that are taken. */

type Wanted = Pick<
  CreateTargetGroupInput,
  | 'HealthCheckProtocol'
  | 'HealthCheckPort'
  | 'HealthCheckEnabled'
  | 'HealthCheckPath'
  | 'HealthCheckIntervalSeconds'
  | 'HealthCheckTimeoutSeconds'
  | 'HealthyThresholdCount'
  | 'UnhealthyThresholdCount'
  | 'Matcher'
>;

const isApplication = (protocol: ListenerProtocol) => protocol === 'HTTP' || protocol === 'HTTPS';

export function acceptHealthCheck(groupProtocol: ListenerProtocol, wanted: Wanted): TargetHealthCheck {
  const application = isApplication(groupProtocol);
  const protocol = wanted.HealthCheckProtocol ?? (application ? 'HTTP' : 'TCP');
  return checked(groupProtocol, wanted, protocol, {
    port: 'traffic-port',
    intervalSeconds: 30,
    // Native for an HTTP group: 5. Others as documented, by what is checked.
    timeoutSeconds: application ? 5 : protocol === 'HTTP' ? 6 : 10,
    healthyThreshold: 5,
    unhealthyThreshold: 2,
    path: '/',
    matcher: application ? '200' : '200-399',
  });
}

/** What is not given stays as it is. */
export function modifiedHealthCheck(group: TargetGroupRecord, wanted: Wanted): TargetHealthCheck {
  const { protocol, ...present } = group.healthCheck;
  return checked(group.protocol, wanted, wanted.HealthCheckProtocol ?? protocol, {
    path: '/',
    matcher: isApplication(group.protocol) ? '200' : '200-399',
    ...present,
  });
}

function checked(
  groupProtocol: ListenerProtocol,
  wanted: Wanted,
  protocol: string,
  otherwise: Required<Omit<TargetHealthCheck, 'protocol'>>,
): TargetHealthCheck {
  if (protocol !== 'HTTP' && protocol !== 'HTTPS' && protocol !== 'TCP')
    throw validationError(`Health check protocol '${protocol}' must be one of 'HTTP, HTTPS, TCP'`);
  if (protocol === 'TCP' && isApplication(groupProtocol))
    throw validationError(
      `Health check protocol 'TCP' is not supported for target groups with the protocol '${groupProtocol}'`,
    );
  if (wanted.HealthCheckEnabled === false)
    throw validationError("Health check enabled must be true for target groups with target type 'instance'");
  const intervalSeconds = wanted.HealthCheckIntervalSeconds ?? otherwise.intervalSeconds;
  const timeoutSeconds = wanted.HealthCheckTimeoutSeconds ?? otherwise.timeoutSeconds;
  const healthyThreshold = wanted.HealthyThresholdCount ?? otherwise.healthyThreshold;
  const unhealthyThreshold = wanted.UnhealthyThresholdCount ?? otherwise.unhealthyThreshold;
  requireRange('Health check interval', intervalSeconds, 5, 300);
  requireRange('Health check timeout', timeoutSeconds, 2, 120);
  requireRange('Healthy threshold count', healthyThreshold, 2, 10);
  requireRange('Unhealthy threshold count', unhealthyThreshold, 2, 10);
  if (timeoutSeconds >= intervalSeconds)
    throw validationError(
      `Health check timeout '${timeoutSeconds}' must be smaller than the interval '${intervalSeconds}'`,
    );
  return {
    protocol,
    port: requirePort(wanted.HealthCheckPort ?? otherwise.port),
    intervalSeconds,
    timeoutSeconds,
    healthyThreshold,
    unhealthyThreshold,
    ...(protocol === 'TCP' ? {} : answerOf(wanted, otherwise)),
  };
}

function answerOf(wanted: Wanted, otherwise: { path: string; matcher: string }) {
  const path = wanted.HealthCheckPath ?? otherwise.path;
  if (!path.startsWith('/')) throw validationError(`Health check path '${path}' must begin with '/'`);
  const matcher = wanted.Matcher?.HttpCode ?? otherwise.matcher;
  if (!/^[2-5]\d\d(-[2-5]\d\d)?(,[2-5]\d\d(-[2-5]\d\d)?)*$/.test(matcher))
    throw validationError(`Health check matcher HTTP code '${matcher}' is not valid`);
  return { path, matcher };
}

function requirePort(port: string): string {
  if (port !== 'traffic-port' && !(/^\d+$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535))
    throw validationError(
      `Health check port '${port}' must be 'traffic-port' or a number between 1 and 65535`,
    );
  return port;
}

function requireRange(what: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most)
    throw validationError(`${what} '${value}' must be between ${least} and ${most} inclusive`);
}
