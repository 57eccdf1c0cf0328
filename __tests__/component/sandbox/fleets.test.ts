import {
  DescribeFleetsCommand,
  DescribeSpotFleetRequestsCommand,
  DescribeSpotInstanceRequestsCommand,
  ListImagesInRecycleBinCommand,
  ListSnapshotsInRecycleBinCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Harness, REGION, startHarness } from '../../support/harness.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
  const { state } = harness.sandbox.world.region(REGION);
  for (const [FleetId, FleetState] of [
    ['fleet-1', 'active'],
    ['fleet-2', 'deleted'],
  ] as const)
    state.fleets.set(FleetId, {
      FleetId,
      FleetState,
      LaunchTemplateConfigs: [
        { LaunchTemplateSpecification: { LaunchTemplateId: 'lt-1', Version: '3' }, Overrides: [] },
      ],
    });
  state.spotInstanceRequests.set('sir-1', {
    SpotInstanceRequestId: 'sir-1',
    State: 'open',
    LaunchSpecification: { ImageId: 'ami-1' },
  });
  state.recycledImages.set('ami-1', { ImageId: 'ami-1', Name: 'shop' });
  state.recycledSnapshots.set('snap-1', { SnapshotId: 'snap-1' });
});
afterEach(async () => await harness.close());

const ec2 = () => harness.aws.ec2;

describe('fleets and Spot requests that a scene has', () => {
  test('are described, by id or filter', async () => {
    const filter = [{ Name: 'fleet-state', Values: ['active'] }];
    const { Fleets = [] } = await ec2().send(new DescribeFleetsCommand({ Filters: filter }));
    expect(Fleets).toEqual([
      expect.objectContaining({
        FleetId: 'fleet-1',
        LaunchTemplateConfigs: [
          expect.objectContaining({
            LaunchTemplateSpecification: { LaunchTemplateId: 'lt-1', Version: '3' },
          }),
        ],
      }),
    ]);
    const byId = await ec2().send(new DescribeFleetsCommand({ FleetIds: ['fleet-2'] }));
    expect(byId.Fleets?.map(({ FleetState }) => FleetState)).toEqual(['deleted']);
    const open = await ec2().send(
      new DescribeSpotInstanceRequestsCommand({
        Filters: [{ Name: 'launch.image-id', Values: ['ami-1'] }],
      }),
    );
    expect(open.SpotInstanceRequests).toHaveLength(1);
  });

  test('that do not exist are errors', async () => {
    await expect(ec2().send(new DescribeFleetsCommand({ FleetIds: ['fleet-9'] }))).rejects.toMatchObject({
      name: 'InvalidFleetId.NotFound',
    });
    await expect(
      ec2().send(new DescribeSpotFleetRequestsCommand({ SpotFleetRequestIds: ['sfr-9'] })),
    ).rejects.toMatchObject({ name: 'InvalidSpotFleetRequestId.NotFound' });
    await expect(
      ec2().send(new DescribeSpotInstanceRequestsCommand({ SpotInstanceRequestIds: ['sir-9'] })),
    ).rejects.toMatchObject({ name: 'InvalidSpotInstanceRequestID.NotFound' });
  });
});

test('the Recycle Bin lists what it keeps, and passes over ids that it does not have', async () => {
  const images = await ec2().send(new ListImagesInRecycleBinCommand({}));
  expect(images.Images?.map(({ Name }) => Name)).toEqual(['shop']);
  const none = await ec2().send(new ListImagesInRecycleBinCommand({ ImageIds: ['ami-9'] }));
  expect(none.Images ?? []).toEqual([]);
  const some = await ec2().send(new ListSnapshotsInRecycleBinCommand({ SnapshotIds: ['snap-1', 'snap-9'] }));
  expect(some.Snapshots?.map(({ SnapshotId }) => SnapshotId)).toEqual(['snap-1']);
});
