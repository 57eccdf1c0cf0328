import { deepEqual, equal } from 'node:assert/strict';
import type {
  CreateLaunchTemplateVersionResult,
  DeleteLaunchTemplateVersionsResult,
  DescribeLaunchTemplatesResult,
  DescribeLaunchTemplateVersionsResult,
  LaunchTemplateVersion,
} from '@aws-sdk/client-ec2';
import type { Case } from '../case.ts';
import type { AwsCli } from './aws-cli.ts';
import { createImage, publicImage, runInstance } from './scene.ts';
import { withSandbox } from './with-sandbox.ts';

const NAME = ['--launch-template-name', 'shop'];

/** Launch templates: a version that inherits from another one, the default, and deleting with failures inside. */
export const launchTemplates: Case = {
  name: 'aws: launch templates',
  needs: ['aws'],
  run: (bench) =>
    withSandbox(bench, 60, async (aws) => {
      const imageId = await createImage(aws, await runInstance(aws), 'shop', []);
      const data = {
        ImageId: await publicImage(aws),
        InstanceType: 't3.micro',
        UserData: Buffer.from('#!/bin/sh').toString('base64'),
        MetadataOptions: { HttpTokens: 'required' },
      };
      await aws.call(
        ...['ec2', 'create-launch-template', ...NAME, '--launch-template-data', JSON.stringify(data)],
      );

      const second = await createVersion(aws, imageId, '--source-version', '1', '--client-token', 'once');
      equal(second?.VersionNumber, 2);
      deepEqual(second?.LaunchTemplateData, { ...data, ImageId: imageId });
      const again = await createVersion(aws, imageId, '--source-version', '1', '--client-token', 'once');
      equal(again?.VersionNumber, 2, 'the same token makes no other version');
      const bare = await createVersion(aws, imageId);
      deepEqual(bare?.LaunchTemplateData, { ImageId: imageId }, 'nothing is inherited without a source');

      deepEqual(await numbers(aws, '--versions', '$Latest', '$Default'), [1, 3]);
      deepEqual(await numbers(aws, '--page-size', '2'), [1, 2, 3]);
      deepEqual(await numbers(aws, '--filters', `Name=image-id,Values=${imageId}`), [2, 3]);

      await aws.call('ec2', 'modify-launch-template', ...NAME, '--default-version', '2');
      const { LaunchTemplates } = await aws.call<DescribeLaunchTemplatesResult>(
        ...['ec2', 'describe-launch-templates', '--launch-template-names', 'shop'],
      );
      deepEqual(
        [LaunchTemplates?.[0]?.DefaultVersionNumber, LaunchTemplates?.[0]?.LatestVersionNumber],
        [2, 3],
      );
      await deletes(aws);
    }),
};

async function createVersion(
  aws: AwsCli,
  imageId: string,
  ...args: string[]
): Promise<LaunchTemplateVersion | undefined> {
  const { LaunchTemplateVersion } = await aws.call<CreateLaunchTemplateVersionResult>(
    ...['ec2', 'create-launch-template-version', ...NAME, ...args],
    ...['--launch-template-data', JSON.stringify({ ImageId: imageId })],
  );
  return LaunchTemplateVersion;
}

async function numbers(aws: AwsCli, ...args: string[]): Promise<number[]> {
  const { LaunchTemplateVersions = [] } = await aws.call<DescribeLaunchTemplateVersionsResult>(
    ...['ec2', 'describe-launch-template-versions', ...NAME, ...args],
  );
  return LaunchTemplateVersions.flatMap(({ VersionNumber }) => VersionNumber ?? []).sort();
}

/** A version that is not there fails for itself; the default one makes the whole call fail. */
async function deletes(aws: AwsCli): Promise<void> {
  const command = ['ec2', 'delete-launch-template-versions', ...NAME, '--versions'];
  await aws.refused(...command, '2', '3');
  deepEqual(await numbers(aws), [1, 2, 3]);
  const result = await aws.call<DeleteLaunchTemplateVersionsResult>(...command, '3', '99');
  deepEqual(
    result.SuccessfullyDeletedLaunchTemplateVersions?.map(({ VersionNumber }) => VersionNumber),
    [3],
  );
  deepEqual(
    result.UnsuccessfullyDeletedLaunchTemplateVersions?.map((item) => [
      item.VersionNumber,
      item.ResponseError?.Code,
    ]),
    [[99, 'launchTemplateVersionDoesNotExist']],
  );
  deepEqual(await numbers(aws), [1, 2]);
}
