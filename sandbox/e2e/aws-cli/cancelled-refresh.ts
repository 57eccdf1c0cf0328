import { deepEqual, equal } from 'node:assert/strict';
import type { Case } from '../case.ts';
import { cancelRefresh, GROUP, startCommand, startRefresh, watch, withGroup } from './refreshes.ts';
import { describeGroup } from './scene.ts';

/** A refresh that is cancelled: the group keeps its version, and the next refresh may start. */
export const cancelledRefresh: Case = {
  name: 'aws: an instance refresh that is cancelled',
  needs: ['aws'],
  run: (bench) =>
    withGroup(bench, [], async (aws, sandbox) => {
      const id = await startRefresh(aws);
      await watch(aws, sandbox, id, { until: ['InProgress'], seconds: 5 });
      equal((await cancelRefresh(aws)).InstanceRefreshId, id);
      equal(await aws.refused(...startCommand()), 'InstanceRefreshInProgress');
      const statuses = await watch(aws, sandbox, id, { until: ['Cancelled'], seconds: 15 });
      deepEqual(statuses, ['Cancelling', 'Cancelled']);

      equal((await describeGroup(aws, 'shop')).LaunchTemplate?.Version, '1');
      equal(
        await aws.refused('autoscaling', 'cancel-instance-refresh', ...GROUP),
        'ActiveInstanceRefreshNotFound',
      );
      await startRefresh(aws);
    }),
};
