import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { ActivitiesType } from '@aws-sdk/client-auto-scaling';
import type { Case } from '../case.ts';
import { GROUP, startCommand, startRefresh, watch, withGroup } from './refreshes.ts';
import { describeGroup, imagesInService } from './scene.ts';

/** A refresh from its start to its end: only then the group itself has the new version. */
export const instanceRefresh: Case = {
  name: 'aws: an instance refresh that succeeds',
  needs: ['aws'],
  run: (bench) =>
    withGroup(bench, [], async (aws, sandbox, imageId) => {
      const id = await startRefresh(aws);
      const percentages: (number | undefined)[] = [];
      const statuses = await watch(
        aws,
        sandbox,
        id,
        { until: ['Successful'], seconds: 25 },
        async ({ status, refresh }) => {
          percentages.push(refresh.PercentageComplete);
          const { LaunchTemplate } = await describeGroup(aws, 'shop');
          equal(
            LaunchTemplate?.Version,
            status === 'Successful' ? '2' : '1',
            `the group's version while ${status}`,
          );
          if (status === 'Pending') {
            equal(refresh.StartTime, undefined);
            equal(await aws.refused(...startCommand()), 'InstanceRefreshInProgress');
          }
        },
      );
      deepEqual(statuses, ['Pending', 'InProgress', 'Successful']);
      equal(percentages[0], undefined, 'a pending refresh has no percentage');
      equal(percentages.at(-1), 100);
      ok(
        percentages.includes(25) || percentages.includes(50),
        `percentages on the way: ${percentages.join(', ')}`,
      );
      deepEqual(await imagesInService(aws, 'shop'), [imageId]);

      const { Activities = [] } = await aws.call<ActivitiesType>(
        'autoscaling',
        'describe-scaling-activities',
        ...GROUP,
      );
      const causes = Activities.map(({ Cause }) => Cause).join('\n');
      match(causes, /launched in response to an instance refresh/);
      match(causes, /taken out of service in response to an instance refresh/);
    }),
};
