import type { IpPermission } from '@aws-sdk/client-ec2';
import type { VirtualClock } from './clock.ts';
import { type InstanceDriver, recordedInstances } from './driver.ts';
import { IndexedTable } from './indexes.ts';
import { emptyRegion, emptyState, type RegionState, type State } from './state.ts';

export const ACCOUNT = '123456789012';

/** One AWS account: its state, the clock that it lives by, and what its instances are. */
export class World {
  readonly clock: VirtualClock;
  readonly driver: InstanceDriver;
  state: State = emptyState();

  constructor(clock: VirtualClock, driver: InstanceDriver = recordedInstances) {
    this.clock = clock;
    this.driver = driver;
  }

  region(name: string): Region {
    let state = this.state.regions[name];
    if (!state) {
      state = emptyRegion();
      this.state.regions[name] = state;
      addDefaultNetwork(new Region(this, name, state));
      addPublicImage(new Region(this, name, state));
    }
    return new Region(this, name, state);
  }

  /** A number that looks random and is the same in every run of the same script. */
  #next(): bigint {
    let z = (BigInt(this.state.issued++) * 0x9e3779b97f4a7c15n + 0x243f6a8885a308d3n) & 0xffffffffffffffffn;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & 0xffffffffffffffffn;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & 0xffffffffffffffffn;
    return z ^ (z >> 31n);
  }

  /** A resource id such as `ami-0a1b2c3d4e5f60718`. */
  newId(prefix: string): string {
    return `${prefix}-0${this.#next().toString(16).padStart(16, '0')}`;
  }

  newUuid(): string {
    const hex = `${this.#next().toString(16).padStart(16, '0')}${this.#next().toString(16).padStart(16, '0')}`;
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  /** The whole state as JSON text; `load` takes it back. */
  save(): string {
    return JSON.stringify({ state: this.state, timers: this.clock.saveTimers() }, (_key, value: unknown) =>
      value instanceof Map ? { $table: [...value] } : value,
    );
  }

  load(text: string): void {
    const saved = JSON.parse(text, (_key, value: unknown) =>
      typeof value === 'object' && value !== null && '$table' in value && Array.isArray(value.$table)
        ? new Map(value.$table)
        : value,
    );
    this.state = saved.state;
    for (const region of Object.values(this.state.regions)) {
      region.images = new IndexedTable(region.images);
      region.tags = new IndexedTable(region.tags);
    }
    this.clock.loadTimers(saved.timers);
  }
}

/** A Region of the account, as the services and the engine see it. */
export class Region {
  readonly world: World;
  readonly name: string;
  readonly state: RegionState;

  constructor(world: World, name: string, state: RegionState) {
    this.world = world;
    this.name = name;
    this.state = state;
  }

  get now(): number {
    return this.world.clock.now();
  }

  /** Lets an event of this Region happen after `seconds`. */
  after(seconds: number, type: string, id: string): void {
    this.world.clock.schedule(seconds * 1000, { type, region: this.name, id });
  }

  tagsOf(id: string): Record<string, string> {
    return this.state.tags.get(id) ?? {};
  }
}

/** The rule that lets a group's instances reach everything, which each new security group has. */
export const EVERYWHERE: IpPermission = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

/** Every Region starts with a default VPC of three subnets and its default security group. */
function addDefaultNetwork(region: Region): void {
  const { state, world } = region;
  const vpcId = world.newId('vpc');
  state.vpcs.set(vpcId, { id: vpcId, cidr: '172.31.0.0/16' });
  for (const [index, letter] of ['a', 'b', 'c'].entries()) {
    const id = world.newId('subnet');
    const cidr = `172.31.${index * 16}.0/20`;
    state.subnets.set(id, {
      id,
      vpcId,
      zone: `${region.name}${letter}`,
      zoneId: `${zonePrefix(region.name)}-az${index + 1}`,
      cidr,
    });
  }
  const groupId = world.newId('sg');
  state.securityGroups.set(groupId, {
    id: groupId,
    name: 'default',
    description: 'default VPC security group',
    vpcId,
    ingress: [{ IpProtocol: '-1', UserIdGroupPairs: [{ UserId: ACCOUNT, GroupId: groupId }] }],
    egress: [EVERYWHERE],
  });
}

/** The public image that builds and first groups start from, and the parameter that names it. */
export const PUBLIC_IMAGE_PARAMETER = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';

function addPublicImage(region: Region): void {
  const id = region.world.newId('ami');
  const name = 'al2023-ami-2023.9.20260101.0-kernel-6.12-x86_64';
  region.state.images.set(id, {
    image: {
      ImageId: id,
      Name: name,
      Description: 'Amazon Linux 2023 (a stand-in of the sandbox)',
      CreationDate: '2026-01-01T00:00:00.000Z',
      OwnerId: '137112412989',
      ImageOwnerAlias: 'amazon',
      ImageLocation: `amazon/${name}`,
      ImageType: 'machine',
      State: 'available',
      Public: true,
      Architecture: 'x86_64',
      PlatformDetails: 'Linux/UNIX',
      UsageOperation: 'RunInstances',
      Hypervisor: 'xen',
      VirtualizationType: 'hvm',
      RootDeviceType: 'ebs',
      RootDeviceName: '/dev/xvda',
      EnaSupport: true,
      SriovNetSupport: 'simple',
      ImdsSupport: 'v2.0',
      BootMode: 'uefi-preferred',
      // Amazon makes these images in one Region and copies them to the others.
      SourceImageId: 'ami-0c3b2a1908f7e6d5c',
      SourceImageRegion: 'us-west-2',
      DeprecationTime: '2036-01-01T00:00:00.000Z',
      PublicSsmParameterName: PUBLIC_IMAGE_PARAMETER.slice(1),
      BlockDeviceMappings: [
        {
          DeviceName: '/dev/xvda',
          Ebs: {
            SnapshotId: region.world.newId('snap'),
            VolumeSize: 8,
            VolumeType: 'gp3',
            Encrypted: false,
            DeleteOnTermination: true,
          },
        },
      ],
    },
    launchPermissions: [],
  });
  region.state.parameters.set(PUBLIC_IMAGE_PARAMETER, {
    name: PUBLIC_IMAGE_PARAMETER,
    type: 'String',
    dataType: 'text',
    versions: [{ value: id, modifiedAt: Date.parse('2026-01-01T00:00:00Z') }],
  });
}

/** `us-east-1` → `use1`, as in Availability Zone ids. */
function zonePrefix(region: string): string {
  const [area = '', direction = '', number = ''] = region.split('-');
  return `${area}${direction.charAt(0)}${number}`;
}
