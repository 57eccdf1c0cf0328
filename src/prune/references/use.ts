/**
 * How something can hold an image. Each source of references (instances, groups, …) says what it uses in these terms;
 * the plan makes references of them, once it is decided which launch template versions stay.
 */
export type Use = ImageUse | VersionUse | SnapshotUse | BuildUse;

/** Names an image itself. */
export interface ImageUse {
  /** Who, in words: `instance i-…`. */
  holder: string;
  /** As AWS gives it: `ami-…`, or `resolve:ssm:…` for an SSM parameter that names the image. */
  imageId: string;
}

/** Names a version of a launch template, and through it an image. */
export interface VersionUse {
  holder: string;
  /** AWS gives both in most answers, and takes either. */
  template: { id?: string | undefined; name?: string | undefined };
  /** A number, `$Latest` or `$Default`. */
  version: string;
}

/** Makes a volume of a snapshot at each launch: an image that the snapshot belongs to would take it along. */
export interface SnapshotUse {
  holder: string;
  snapshotId: string;
}

/** A builder of this workflow run still lives: what the run made may not be finished. */
export interface BuildUse {
  holder: string;
  /** As in the tag `immutable-deploy:run`. */
  run: string;
}

export const isVersionUse = (use: Use): use is VersionUse => 'template' in use;
export const isImageUse = (use: Use): use is ImageUse => 'imageId' in use;
export const isSnapshotUse = (use: Use): use is SnapshotUse => 'snapshotId' in use;
export const isBuildUse = (use: Use): use is BuildUse => 'run' in use;

/** A reason why an image cannot go: who holds it, and through what. */
export interface Reference {
  imageId: string;
  holder: string;
  /** What lies between the holder and the image: `launch template lt-… version 7`. */
  via?: string;
}

export const describeReference = ({ holder, via }: Reference) =>
  via === undefined ? holder : `${holder} (${via})`;

/** The use of a launch template as Auto Scaling writes it; a version that is not given means `$Default`. */
export function specificationUse(
  holder: string,
  specification:
    | {
        LaunchTemplateId?: string | undefined;
        LaunchTemplateName?: string | undefined;
        Version?: string | undefined;
      }
    | undefined,
): VersionUse[] {
  if (!specification) return [];
  const { LaunchTemplateId: id, LaunchTemplateName: name, Version } = specification;
  return [{ holder, template: { id, name }, version: Version ?? '$Default' }];
}

/** What a launch needs by its own words: an image, and snapshots to make more volumes of. */
export function launchUses(
  holder: string,
  launch:
    | {
        ImageId?: string | undefined;
        BlockDeviceMappings?:
          | readonly { Ebs?: { SnapshotId?: string | undefined } | undefined }[]
          | undefined;
      }
    | undefined,
): Use[] {
  return [
    ...(launch?.ImageId ? [{ holder, imageId: launch.ImageId }] : []),
    ...snapshotsOf(launch?.BlockDeviceMappings).map((snapshotId) => ({ holder, snapshotId })),
  ];
}

export const snapshotsOf = (
  mappings: readonly { Ebs?: { SnapshotId?: string | undefined } | undefined }[] | undefined,
): string[] => (mappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId || []);
