import {
  CompleteLifecycleActionCommand,
  type CompleteLifecycleActionCommandInput,
  SetInstanceHealthCommand,
} from '@aws-sdk/client-auto-scaling';
import type { Harness } from '../../../support/harness.ts';
import { type GroupScene, groupScene, TERMINATING } from '../group-scene.ts';
import type { Fact } from './fact.ts';

/** What the checks about members have in common. */

export const complete = (
  scene: GroupScene,
  LifecycleActionResult: string,
  which: Partial<CompleteLifecycleActionCommandInput>,
) =>
  scene.client.send(
    new CompleteLifecycleActionCommand({
      AutoScalingGroupName: scene.name,
      LifecycleHookName: 'hook',
      LifecycleActionResult,
      ...which,
    }),
  );

export const setUnhealthy = (scene: GroupScene, InstanceId: string, request: Fact['request'] = {}) =>
  scene.client.send(new SetInstanceHealthCommand({ InstanceId, HealthStatus: 'Unhealthy', ...request }));

/** A group with one member that is retained, as its termination hook was abandoned. */
export async function retained(harness: Harness): Promise<{ scene: GroupScene; id: string }> {
  const scene = await groupScene(harness, {
    MaxSize: 1,
    DesiredCapacity: 1,
    InstanceLifecyclePolicy: { RetentionTriggers: { TerminateHookAbandon: 'retain' } },
  });
  await scene.putHook({ LifecycleTransition: TERMINATING });
  const id = (await scene.member()).InstanceId;
  await setUnhealthy(scene, id);
  scene.pass(20);
  await complete(scene, 'ABANDON', { InstanceId: id });
  return { scene, id };
}
