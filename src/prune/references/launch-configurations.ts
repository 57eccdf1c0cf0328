import { paginateDescribeLaunchConfigurations } from '@aws-sdk/client-auto-scaling';
import type { Context } from '../../context.ts';
import { launchUses, type Use } from './use.ts';

/** The images and snapshots of all launch configurations of the Region, whether a group uses them now or not. */
export async function readLaunchConfigurations({ aws, signal }: Context): Promise<Use[]> {
  const uses: Use[] = [];
  const pages = paginateDescribeLaunchConfigurations(
    { client: aws.autoScaling, pageSize: 100 },
    {},
    { abortSignal: signal },
  );
  for await (const { LaunchConfigurations = [] } of pages) {
    for (const configuration of LaunchConfigurations)
      uses.push(
        ...launchUses(`launch configuration ${configuration.LaunchConfigurationName}`, configuration),
      );
  }
  return uses;
}
