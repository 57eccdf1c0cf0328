import type { Rule } from '../compare.ts';

/** What moto answers differently about an instance. */
function ofInstance(call: string, instance: string): Rule[] {
  const calls = [call];
  const at = (...members: string[]) => members.map((member) => `${instance}.${member}`);
  return [
    {
      calls,
      paths: at('BlockDeviceMappings[]'),
      is: 'added by moto',
      because: "moto invents a root volume at /dev/sda1; an instance has its image's devices",
    },
    {
      calls,
      paths: at(
        'BootMode',
        'CapacityReservationSpecification',
        'CpuOptions',
        'EnaSupport',
        'MaintenanceOptions',
        'Operator',
        'Placement.AvailabilityZoneId',
        'SecurityGroups[]',
      ),
      is: 'left out by moto',
      because: 'moto leaves it out; AWS was seen to answer it for every instance',
    },
    {
      calls,
      paths: at('MetadataOptions.HttpPutResponseHopLimit', 'MetadataOptions.HttpTokens'),
      is: 'other value',
      because: "moto's instances have old defaults; images of Amazon Linux 2023 ask for IMDSv2 with two hops",
    },
    {
      calls,
      paths: at(
        'NetworkInterfaces[].Attachment.DeleteOnTermination',
        'NetworkInterfaces[].Description',
        'NetworkInterfaces[].Groups[].GroupId',
      ),
      is: 'other value',
      because: "moto's interfaces outlive their instance, and are in another group than it",
    },
    {
      calls,
      paths: at('SriovNetSupport'),
      is: 'added by moto',
      because: "moto answers 'simple' always; AWS has another member, EnaSupport, for instances of today",
    },
  ];
}

export const runRules: readonly Rule[] = [
  ...ofInstance('ec2 RunInstances', 'Instances[]'),
  {
    calls: ['ec2 RunInstances'],
    paths: [
      'Instances[].MetadataOptions.State',
      'Instances[].NetworkInterfaces[].Attachment.Status',
      'Instances[].PublicDnsName',
      'Instances[].StateReason.*',
    ],
    is: 'other value',
    because: 'in moto a pending instance has already all that a running one has',
  },
  {
    calls: ['ec2 RunInstances'],
    paths: [
      'Instances[].HibernationOptions',
      'Instances[].PublicIpAddress',
      'Instances[].NetworkInterfaces[].Association',
      'Instances[].NetworkInterfaces[].PrivateIpAddresses[].Association',
    ],
    is: 'added by moto',
    because: 'in moto a pending instance has already all that a running one has',
  },
];

const described = 'Reservations[].Instances[]';

export const instanceRules: readonly Rule[] = [
  ...ofInstance('ec2 DescribeInstances', described),
  {
    calls: ['ec2 DescribeInstances'],
    paths: [
      `${described}.BlockDeviceMappings[]`,
      `${described}.HibernationOptions.Configured`,
      `${described}.NetworkPerformanceOptions`,
      `${described}.PlatformDetails`,
      `${described}.SecondaryInterfaces`,
      `${described}.UsageOperation`,
      `${described}.UsageOperationUpdateTime`,
    ],
    is: 'left out by moto',
    because: 'moto leaves it out; AWS was seen to answer it for every instance',
  },
  {
    calls: ['ec2 DescribeInstances'],
    paths: [`${described}.StateReason`],
    is: 'added by moto',
    because: 'moto answers empty texts; AWS leaves it out while nothing happened to the instance',
  },
  {
    calls: ['ec2 DescribeInstanceStatus'],
    paths: [
      'InstanceStatuses[].AttachedEbsStatus',
      'InstanceStatuses[].AvailabilityZoneId',
      'InstanceStatuses[].Operator',
    ],
    is: 'left out by moto',
    because: 'moto leaves it out; AWS was seen to answer it',
  },
  {
    calls: ['ec2 TerminateInstances'],
    paths: ['TerminatingInstances[].CurrentState.*'],
    is: 'other value',
    because: 'the instance is stopped: AWS has nothing to shut down, and terminates it at once',
  },
];
