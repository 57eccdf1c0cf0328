import type { UpdateAutoScalingGroupType } from '@aws-sdk/client-auto-scaling';
import type { GroupRecord, GroupSettings } from '../../engine/records/auto-scaling.ts';

/** What an update changes besides sizes, subnets and what is launched: members that are not given stay. */
export function changeSettings(group: GroupRecord, input: UpdateAutoScalingGroupType): void {
  group.defaultCooldown = input.DefaultCooldown ?? group.defaultCooldown;
  group.healthCheckType = input.HealthCheckType ?? group.healthCheckType;
  group.healthCheckGracePeriod = input.HealthCheckGracePeriod ?? group.healthCheckGracePeriod;
  group.newInstancesProtected = input.NewInstancesProtectedFromScaleIn ?? group.newInstancesProtected;
  group.settings = changedSettings(group.settings, input);
  // -1 takes back what was set (API reference).
  if (input.DefaultInstanceWarmup === -1) delete group.defaultInstanceWarmup;
  else if (input.DefaultInstanceWarmup !== undefined)
    group.defaultInstanceWarmup = input.DefaultInstanceWarmup;
  const maintenance = input.InstanceMaintenancePolicy;
  if (maintenance?.MinHealthyPercentage === -1) delete group.instanceMaintenancePolicy;
  else if (maintenance) group.instanceMaintenancePolicy = maintenance;
}

const NAMES = [
  'AvailabilityZoneDistribution',
  'AvailabilityZoneImpairmentPolicy',
  'CapacityRebalance',
  'CapacityReservationSpecification',
  'Context',
  'DeletionProtection',
  'DesiredCapacityType',
  'InstanceLifecyclePolicy',
  'MaxInstanceLifetime',
  'PlacementGroup',
  'ServiceLinkedRoleARN',
] as const satisfies readonly (keyof GroupSettings)[];

/** The settings with those of a request put over them. An empty text or 0 takes a setting back (API reference). */
export function changedSettings(
  settings: GroupSettings,
  input: Partial<Pick<GroupSettings, (typeof NAMES)[number]>>,
): GroupSettings {
  const entries = NAMES.map((name) => [name, input[name] ?? settings[name]] as const);
  return Object.fromEntries(
    entries.filter(([name, value]) => {
      if (name === 'DeletionProtection') return value !== undefined && value !== 'none';
      return value !== undefined && value !== '' && value !== 0;
    }),
  );
}
