import { paginateDescribeLaunchConfigurations } from '@aws-sdk/client-auto-scaling';
import type { Context } from '../../context.ts';
import type { Use } from './use.ts';

/** The images of all launch configurations of the Region, whether a group uses them at the moment or not. */
export async function readLaunchConfigurations({ aws, signal }: Context): Promise<Use[]> {
  const uses: Use[] = [];
  const pages = paginateDescribeLaunchConfigurations(
    { client: aws.autoScaling, pageSize: 100 },
    {},
    { abortSignal: signal },
  );
  for await (const { LaunchConfigurations = [] } of pages) {
    for (const { LaunchConfigurationName, ImageId } of LaunchConfigurations) {
      if (ImageId) uses.push({ holder: `launch configuration ${LaunchConfigurationName}`, imageId: ImageId });
    }
  }
  return uses;
}
