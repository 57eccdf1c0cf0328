import {
  DescribeImagesCommand,
  DescribeKeyPairsCommand,
  DescribeLaunchTemplatesCommand,
  DescribeVolumesCommand,
  type Filter,
  type Instance,
  paginateDescribeInstances,
  paginateDescribeSecurityGroups,
} from '@aws-sdk/client-ec2';
import type { Aws } from '../aws/clients.ts';
import type { TemporaryResource, TemporaryResourceKind } from '../packer/output.ts';
import { isUnfinished, TAG, tagsOf } from '../tags.ts';

/** What a bake that did not come to its end left in a Region, by id. */
export interface Leftovers {
  /** Still there in some form; their key pairs, groups and volumes go with them. */
  instances: string[];
  images: { id: string; builderId: string }[];
  keyPairs: string[];
  securityGroups: string[];
  volumes: string[];
  launchTemplates: string[];
}

/** Whose leftovers are looked for. */
export interface Owner {
  /** Narrows the search: values of the tag `immutable-deploy:run`, with AWS's wildcards. */
  filter: string;
  isOurs(mark: string): boolean;
  /** What Packer printed: found also where a template sets no run_tags. */
  printed: readonly TemporaryResource[];
  /** What is printed counts only when it is not older. Milliseconds since 1970. */
  since: number;
}

/** The names that Packer gives to what it makes for a build. */
const PACKER_NAME = /^packer_[0-9a-f]{8}-[0-9a-f]{4}-/;
const PACKER_GROUP = 'Temporary group for Packer';
const PACKER_TEMPLATE = 'packer-fleet-launch-template-';
/** A volume that is made with its instance is no older than it; the clocks of EC2 and the builder may differ. */
const TOGETHER_MS = 60_000;

/**
 * Finds what is left. Nothing is taken for ours by its name alone: it carries our mark, hangs on an instance that
 * does, or was printed by Packer and is what Packer makes.
 */
export async function findLeftovers(aws: Aws, owner: Owner): Promise<Leftovers> {
  const tagged: Filter[] = [{ Name: `tag:${TAG.run}`, Values: [owner.filter] }];
  const [instances, keyPairs, securityGroups, launchTemplates, volumes] = await Promise.all([
    findInstances(aws, owner, tagged),
    findKeyPairs(aws, owner, tagged),
    findSecurityGroups(aws, owner, tagged),
    findLaunchTemplates(aws, owner, tagged),
    aws.ec2.send(new DescribeVolumesCommand({ Filters: tagged })),
  ]);
  const ids = instances.map(({ InstanceId = '' }) => InstanceId);
  const alive = instances.filter(({ State }) => State?.Name !== 'terminated');
  return {
    instances: alive.map(({ InstanceId = '' }) => InstanceId),
    images: await findImages(aws, owner, ids),
    keyPairs: unique([...keyPairs, ...alive.flatMap(keyPairOf)]),
    securityGroups: unique([...securityGroups, ...alive.flatMap(securityGroupsOf)]),
    volumes: unique([
      ...(volumes.Volumes ?? []).filter(markedBy(owner)).flatMap(({ VolumeId }) => VolumeId ?? []),
      ...(await volumesOf(aws, alive)),
    ]),
    launchTemplates,
  };
}

/** Whether there is an instance among what is left: one call. */
export async function hasInstances(aws: Aws, owner: Owner): Promise<boolean> {
  const found = await findInstances(aws, { ...owner, printed: [] }, [
    { Name: `tag:${TAG.run}`, Values: [owner.filter] },
  ]);
  return found.some(({ State }) => State?.Name !== 'terminated');
}

const unique = (ids: readonly string[]) => [...new Set(ids)];

const printedOf = ({ printed }: Owner, kind: TemporaryResourceKind) =>
  printed.filter((resource) => resource.kind === kind).map(({ id }) => id);

const markedBy = (owner: Owner) => (resource: Parameters<typeof tagsOf>[0]) => {
  const mark = tagsOf(resource)[TAG.run];
  return mark !== undefined && owner.isOurs(mark);
};

/** Also terminated ones, as long as EC2 knows them: images are recognised by them. */
async function findInstances(aws: Aws, owner: Owner, tagged: Filter[]): Promise<Instance[]> {
  const printed = printedOf(owner, 'instance');
  const searches = [tagged, ...(printed.length > 0 ? [[{ Name: 'instance-id', Values: printed }]] : [])];
  const found = new Map<string, Instance>();
  for (const Filters of searches) {
    for await (const { Reservations = [] } of paginateDescribeInstances({ client: aws.ec2 }, { Filters })) {
      for (const instance of Reservations.flatMap(({ Instances = [] }) => Instances)) {
        if (isBuilder(owner, instance)) found.set(instance.InstanceId ?? '', instance);
      }
    }
  }
  return [...found.values()];
}

function isBuilder(owner: Owner, instance: Instance): boolean {
  const { [TAG.run]: mark, Name } = tagsOf(instance);
  if (mark !== undefined) return owner.isOurs(mark);
  const isPrinted = printedOf(owner, 'instance').includes(instance.InstanceId ?? '');
  const looksLikeIt = Name === 'Packer Builder' || PACKER_NAME.test(instance.KeyName ?? '');
  return isPrinted && looksLikeIt && (instance.LaunchTime?.getTime() ?? 0) >= owner.since - TOGETHER_MS;
}

const keyPairOf = ({ KeyName = '' }: Instance) => (PACKER_NAME.test(KeyName) ? [KeyName] : []);

const securityGroupsOf = ({ SecurityGroups = [] }: Instance) =>
  SecurityGroups.filter(({ GroupName = '' }) => PACKER_NAME.test(GroupName)).flatMap(
    ({ GroupId }) => GroupId ?? [],
  );

/**
 * Volumes that were made with the instance and outlive it; one that was attached to it later is somebody's. They are
 * asked for by their attachment: a young instance does not tell its devices yet.
 */
async function volumesOf(aws: Aws, instances: readonly Instance[]): Promise<string[]> {
  if (instances.length === 0) return [];
  const launched = new Map(
    instances.map(({ InstanceId = '', LaunchTime }) => [InstanceId, LaunchTime?.getTime() ?? 0]),
  );
  const { Volumes = [] } = await aws.ec2.send(
    new DescribeVolumesCommand({
      Filters: [{ Name: 'attachment.instance-id', Values: [...launched.keys()] }],
    }),
  );
  return Volumes.flatMap(({ VolumeId = '', CreateTime, Attachments: [attachment] = [] }) => {
    if (attachment?.DeleteOnTermination !== false) return [];
    const launchedAt = launched.get(attachment.InstanceId ?? '') ?? 0;
    return Math.abs((CreateTime?.getTime() ?? 0) - launchedAt) <= TOGETHER_MS ? [VolumeId] : [];
  });
}

async function findKeyPairs(aws: Aws, owner: Owner, tagged: Filter[]): Promise<string[]> {
  const printed = printedOf(owner, 'key-pair');
  const searches = [tagged, ...(printed.length > 0 ? [[{ Name: 'key-name', Values: printed }]] : [])];
  const found = await Promise.all(
    searches.map((Filters) => aws.ec2.send(new DescribeKeyPairsCommand({ Filters }))),
  );
  return found
    .flatMap(({ KeyPairs = [] }) => KeyPairs)
    .filter((pair) =>
      tagsOf(pair)[TAG.run] === undefined
        ? (pair.CreateTime?.getTime() ?? 0) >= owner.since - TOGETHER_MS
        : markedBy(owner)(pair),
    )
    .flatMap(({ KeyName }) => KeyName ?? []);
}

async function findSecurityGroups(aws: Aws, owner: Owner, tagged: Filter[]): Promise<string[]> {
  const printed = printedOf(owner, 'security-group');
  const searches = [tagged, ...(printed.length > 0 ? [[{ Name: 'group-name', Values: printed }]] : [])];
  const found: string[] = [];
  for (const Filters of searches) {
    for await (const { SecurityGroups = [] } of paginateDescribeSecurityGroups(
      { client: aws.ec2 },
      { Filters },
    )) {
      const ours = SecurityGroups.filter((group) =>
        tagsOf(group)[TAG.run] === undefined ? group.Description === PACKER_GROUP : markedBy(owner)(group),
      );
      found.push(...ours.flatMap(({ GroupId }) => GroupId ?? []));
    }
  }
  return found;
}

async function findLaunchTemplates(aws: Aws, owner: Owner, tagged: Filter[]): Promise<string[]> {
  const printed = new Set(printedOf(owner, 'launch-template'));
  const { LaunchTemplates: marked = [] } = await aws.ec2.send(
    new DescribeLaunchTemplatesCommand({ Filters: tagged }),
  );
  const { LaunchTemplates: named = [] } =
    printed.size === 0
      ? {}
      : await aws.ec2.send(
          new DescribeLaunchTemplatesCommand({
            Filters: [{ Name: 'launch-template-name', Values: [`${PACKER_TEMPLATE}*`] }],
          }),
        );
  return unique(
    [
      ...marked.filter(markedBy(owner)),
      ...named.filter(({ LaunchTemplateId = '' }) => printed.has(LaunchTemplateId)),
    ].flatMap(({ LaunchTemplateId }) => LaunchTemplateId ?? []),
  );
}

/** Images of the builders that never got their tags: nobody can say whether they are whole. */
async function findImages(
  aws: Aws,
  owner: Owner,
  builders: readonly string[],
): Promise<{ id: string; builderId: string }[]> {
  const searches: Filter[] = [
    { Name: `tag:${TAG.quarantined}`, Values: [`* build not finished: ${owner.filter}`] },
    ...(builders.length > 0 ? [{ Name: 'source-instance-id', Values: [...builders] }] : []),
  ];
  const found = await Promise.all(
    searches.map((filter) =>
      aws.ec2.send(new DescribeImagesCommand({ Owners: ['self'], Filters: [filter] })),
    ),
  );
  const images = found
    .flatMap(({ Images = [] }) => Images)
    .filter((image) => {
      const { [TAG.quarantined]: quarantined, [TAG.application]: application } = tagsOf(image);
      if (quarantined !== undefined && isUnfinished(quarantined, 'build'))
        return owner.isOurs(quarantined.slice(quarantined.indexOf(': ') + 2));
      return application === undefined && builders.includes(image.SourceInstanceId ?? '');
    })
    .map(({ ImageId = '', SourceInstanceId = '' }) => ({ id: ImageId, builderId: SourceInstanceId }));
  return [...new Map(images.map((image) => [image.id, image])).values()];
}
