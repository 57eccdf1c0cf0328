import { ServiceError, validationError } from '../protocol/error.ts';
import type { Call } from '../protocol/request.ts';

/** An account may run some hundreds of instances at first; a program that asks for a million gets no answer in time. */
const MOST_INSTANCES = 1000;
/** Where AWS draws the line for a group is not published. */
const LARGEST_GROUP = 10_000;

/** Refuses what would keep the sandbox busy for ever. EC2's text is AWS's, Auto Scaling's is an inference. */
export function refuseBeyondReach({ served, operation, input }: Call): void {
  const asked = (member: string) => Number(Reflect.get(input, member) ?? 0);
  if (operation.name === 'RunInstances' && asked('MaxCount') > MOST_INSTANCES) {
    throw new ServiceError(
      'InstanceLimitExceeded',
      `You have requested more instances (${asked('MaxCount')}) than your current instance limit of ${MOST_INSTANCES} allows for the specified instance type. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.`,
    );
  }
  if (served.service.name !== 'autoscaling') return;
  const size = Math.max(asked('MinSize'), asked('MaxSize'), asked('DesiredCapacity'));
  if (size > LARGEST_GROUP)
    throw validationError(`The size ${size} is larger than a group can be here: ${LARGEST_GROUP} instances.`);
}
