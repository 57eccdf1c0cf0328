import { deepEqual, equal } from 'node:assert/strict';
import type { RollbackInstanceRefreshAnswer } from '@aws-sdk/client-auto-scaling';
import type { Case } from '../case.ts';
import { describeRefresh, GROUP, startRefresh, watch, withGroup } from './refreshes.ts';
import { describeGroup, imagesInService, publicImage } from './scene.ts';

/** A refresh that is rolled back by hand in its middle. */
export const rolledBackRefresh: Case = {
  name: 'aws: an instance refresh that is rolled back by hand',
  needs: ['aws'],
  run: (bench) =>
    withGroup(bench, [], async (aws, sandbox) => {
      const rollback = ['autoscaling', 'rollback-instance-refresh', ...GROUP];
      const id = await startRefresh(aws);
      await watch(aws, sandbox, id, { until: ['InProgress'], seconds: 5 });
      await sandbox.advance(30);
      const answer = await aws.call<RollbackInstanceRefreshAnswer>(...rollback);
      equal(answer.InstanceRefreshId, id);
      const statuses = await watch(aws, sandbox, id, { until: ['RollbackSuccessful'], seconds: 20 });
      deepEqual(statuses, ['RollbackInProgress', 'RollbackSuccessful']);

      const { RollbackDetails, PercentageComplete } = await describeRefresh(aws, id);
      equal(RollbackDetails?.RollbackReason, 'Rollback triggered due to user request.');
      equal(PercentageComplete, 0);
      equal((await describeGroup(aws, 'shop')).LaunchTemplate?.Version, '1');
      deepEqual(await imagesInService(aws, 'shop'), [await publicImage(aws)]);
      equal(await aws.refused(...rollback), 'ActiveInstanceRefreshNotFound');
    }),
};
