import { deepEqual, equal, ok } from 'node:assert/strict';
import type { DescribeTargetHealthOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Case } from '../case.ts';
import { startRefresh, watch, withGroup } from './refreshes.ts';
import { describeGroup, imagesInService, publicImage } from './scene.ts';

/** A rollout that fails and is rolled back by AWS after its hour, rehearsed with nothing but the AWS CLI. */
export const neverHealthy: Case = {
  name: 'aws: an image that never becomes healthy is rolled back',
  needs: ['aws'],
  run: (bench) =>
    withGroup(bench, ['Key=sandbox:boot,Value=never-healthy'], async (aws, sandbox) => {
      const targetGroup = (await describeGroup(aws, 'shop')).TargetGroupARNs?.[0] ?? '';
      const id = await startRefresh(aws, { AutoRollback: true });
      const seen = new Set<string>();
      const options = { until: ['RollbackSuccessful'], seconds: 300 };
      const statuses = await watch(aws, sandbox, id, options, async () => {
        const { TargetHealthDescriptions = [] } = await aws.call<DescribeTargetHealthOutput>(
          ...['elbv2', 'describe-target-health', '--target-group-arn', targetGroup],
        );
        const states = TargetHealthDescriptions.flatMap(({ TargetHealth }) => TargetHealth?.State ?? []);
        for (const state of states) seen.add(state);
        ok(states.includes('healthy'), `the old instance goes on serving: ${states.join(', ')}`);
      });
      deepEqual(statuses, ['Pending', 'InProgress', 'RollbackInProgress', 'RollbackSuccessful']);
      ok(seen.has('initial') || seen.has('unhealthy'), `the new instances' health: ${[...seen].join(', ')}`);
      equal((await describeGroup(aws, 'shop')).LaunchTemplate?.Version, '1');
      deepEqual(await imagesInService(aws, 'shop'), [await publicImage(aws)]);
    }),
};
