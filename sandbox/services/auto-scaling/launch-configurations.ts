import type {
  CreateLaunchConfigurationType,
  LaunchConfigurationNamesType,
  LaunchConfigurationNameType,
  LaunchConfigurationsType,
} from '@aws-sdk/client-auto-scaling';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError, validationError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { autoScalingPage } from './requests.ts';

export const launchConfigurationHandlers: Handlers = {
  CreateLaunchConfiguration,
  DescribeLaunchConfigurations,
  DeleteLaunchConfiguration,
};

function CreateLaunchConfiguration(input: CreateLaunchConfigurationType, region: Region): undefined {
  const name = input.LaunchConfigurationName ?? '';
  const { launchConfigurations } = region.state;
  if (launchConfigurations.has(name)) {
    throw new ServiceError(
      'AlreadyExists',
      `Launch Configuration by this name already exists - A launch configuration already exists with the name ${name}`,
    );
  }
  if (!input.ImageId || !input.InstanceType) {
    throw validationError(
      'Valid requests must contain either the InstanceID parameter or both the ImageId and InstanceType parameters.',
    );
  }
  launchConfigurations.set(name, {
    name,
    arn: `arn:aws:autoscaling:${region.name}:${ACCOUNT}:launchConfiguration:${region.world.newUuid()}:launchConfigurationName/${name}`,
    createdAt: region.now,
    imageId: input.ImageId,
    instanceType: input.InstanceType,
    ...(input.BlockDeviceMappings ? { blockDeviceMappings: input.BlockDeviceMappings } : {}),
  });
}

function DescribeLaunchConfigurations(
  input: LaunchConfigurationNamesType,
  region: Region,
): LaunchConfigurationsType {
  const names = input.LaunchConfigurationNames;
  const asked = [...region.state.launchConfigurations.values()].filter(
    ({ name }) => !names?.length || names.includes(name),
  );
  const { items, next } = autoScalingPage(asked, input, 50);
  return {
    LaunchConfigurations: items.map((configuration) => ({
      LaunchConfigurationName: configuration.name,
      LaunchConfigurationARN: configuration.arn,
      ImageId: configuration.imageId,
      InstanceType: configuration.instanceType,
      CreatedTime: new Date(configuration.createdAt),
      KeyName: '',
      SecurityGroups: [],
      UserData: '',
      BlockDeviceMappings: configuration.blockDeviceMappings ?? [],
    })),
    ...next,
  };
}

function DeleteLaunchConfiguration(input: LaunchConfigurationNameType, region: Region): undefined {
  const name = input.LaunchConfigurationName ?? '';
  const user = [...region.state.groups.values()].find(
    ({ source }) => source.kind === 'launch-configuration' && source.name === name,
  );
  if (user) {
    throw new ServiceError(
      'ResourceInUse',
      `Cannot delete launch configuration ${name} because it is attached to AutoScalingGroup ${user.name}`,
    );
  }
  if (!region.state.launchConfigurations.delete(name))
    throw validationError('Launch configuration name not found - null');
}
