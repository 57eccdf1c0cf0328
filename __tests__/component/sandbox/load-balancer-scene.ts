import { RunInstancesCommand } from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  type CreateTargetGroupCommandInput,
  DescribeTargetHealthCommand,
  RegisterTargetsCommand,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { addImage, publicImage } from '../../../sandbox/scene.ts';
import { type Harness, REGION } from '../../support/harness.ts';

/** Load balancers, listeners, target groups and instances behind them, over the SDK's clients. */

export const regionOf = ({ sandbox }: Harness) => sandbox.world.region(REGION).state;

export const vpcOf = (harness: Harness) => [...regionOf(harness).vpcs.keys()][0] ?? '';

export async function addTargetGroup(
  harness: Harness,
  input: Partial<CreateTargetGroupCommandInput> = {},
): Promise<string> {
  const { TargetGroups } = await harness.aws.elb.send(
    new CreateTargetGroupCommand({
      Name: 'web',
      Protocol: 'HTTP',
      Port: 80,
      VpcId: vpcOf(harness),
      ...input,
    }),
  );
  return TargetGroups?.[0]?.TargetGroupArn ?? '';
}

export async function addLoadBalancer(
  harness: Harness,
  name = 'web',
  Type: 'application' | 'network' = 'application',
): Promise<string> {
  const Subnets = [...regionOf(harness).subnets.keys()];
  const { LoadBalancers } = await harness.aws.elb.send(
    new CreateLoadBalancerCommand({ Name: name, Type, Subnets }),
  );
  return LoadBalancers?.[0]?.LoadBalancerArn ?? '';
}

/** A listener of a load balancer on port 80 that forwards to the target group. */
export async function addListener(
  harness: Harness,
  balancer: string,
  TargetGroupArn: string,
  Port = 80,
): Promise<string> {
  const { Listeners } = await harness.aws.elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: balancer,
      Protocol: 'HTTP',
      Port,
      DefaultActions: [{ Type: 'forward', TargetGroupArn }],
    }),
  );
  return Listeners?.[0]?.ListenerArn ?? '';
}

/** Checks every 5 seconds, two results in a row. */
export const QUICK = {
  HealthCheckIntervalSeconds: 5,
  HealthCheckTimeoutSeconds: 2,
  HealthyThresholdCount: 2,
  UnhealthyThresholdCount: 2,
};

/** A target group that gets traffic. */
export async function addTargetGroupInUse(
  harness: Harness,
  input: Partial<CreateTargetGroupCommandInput> = {},
): Promise<string> {
  const arn = await addTargetGroup(harness, { ...QUICK, ...input });
  await addListener(harness, await addLoadBalancer(harness), arn);
  return arn;
}

/** Running instances that have been up long enough to answer; `boot` makes their image misbehave. */
export async function addInstances(
  harness: Harness,
  count: number,
  boot?: string,
  image = publicImage(harness.sandbox, REGION),
): Promise<string[]> {
  const ImageId =
    boot === undefined
      ? image
      : await addImage(harness.sandbox, harness.aws, `boot-${boot.replace(':', '-')}`, {
          'sandbox:boot': boot,
        });
  const { Instances = [] } = await harness.aws.ec2.send(
    new RunInstancesCommand({ ImageId, InstanceType: 't3.micro', MinCount: count, MaxCount: count }),
  );
  harness.sandbox.clock.advance(60_000);
  return Instances.flatMap(({ InstanceId }) => InstanceId ?? []);
}

export async function register(
  harness: Harness,
  TargetGroupArn: string,
  ids: readonly string[],
  Port?: number,
): Promise<void> {
  const Targets = ids.map((Id) => ({ Id, Port }));
  await harness.aws.elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
}

export async function healthOf(harness: Harness, TargetGroupArn: string): Promise<TargetHealthDescription[]> {
  const { TargetHealthDescriptions = [] } = await harness.aws.elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn }),
  );
  return TargetHealthDescriptions;
}

/** The states of all targets, in their order. */
export async function statesOf(harness: Harness, arn: string): Promise<(string | undefined)[]> {
  return (await healthOf(harness, arn)).map(({ TargetHealth }) => TargetHealth?.State);
}
