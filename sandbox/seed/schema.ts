import * as v from 'valibot';

/**
 * What a seed file may say. Keys in lower case are the seed's own; keys with a capital first letter are members of
 * the AWS call that makes the resource, passed on as they are and checked against its schema.
 */

const name = v.pipe(v.string('must be a text'), v.minLength(1, 'must not be empty'));
const tags = v.record(v.string(), v.string('must be a text'), 'must be an object of texts');
const days = v.pipe(v.number('must be a number of days'), v.minValue(0, 'must not be negative'));
const count = v.pipe(
  v.number('must be a whole number'),
  v.integer('must be a whole number'),
  v.minValue(0, 'must not be negative'),
);
const listOf = <S extends v.GenericSchema>(item: S) => v.optional(v.array(item, 'must be a list'), []);

/** Each kind of resource: its own keys, and the AWS call (and the member of its input) that the others belong to. */
export const SECTIONS = {
  images: {
    keys: {
      name,
      region: v.optional(name),
      tags: v.optional(tags),
      boot: v.optional(name),
      daysAgo: v.optional(days),
    },
    operation: 'CreateImage',
  },
  launchTemplates: {
    keys: {
      name,
      region: v.optional(name),
      versions: v.pipe(
        v.array(v.looseObject({ image: v.optional(name), description: v.optional(name) }), 'must be a list'),
        v.minLength(1, 'must have one version at least'),
      ),
      default: v.optional(count),
    },
    operation: 'CreateLaunchTemplate',
  },
  targetGroups: {
    keys: {
      name,
      region: v.optional(name),
      loadBalancer: v.optional(name),
      listenerPort: v.optional(count),
      deregistrationDelay: v.optional(count),
    },
    operation: 'CreateTargetGroup',
  },
  groups: {
    keys: {
      name,
      region: v.optional(name),
      size: count,
      launchTemplate: v.optional(name),
      version: v.optional(v.union([count, name], 'must be a number, $Latest or $Default')),
      healthCheckType: v.optional(name),
      targetGroups: v.optional(v.array(name, 'must be a list of names')),
      tags: v.optional(tags),
    },
    operation: 'CreateAutoScalingGroup',
  },
  parameters: {
    keys: {
      name,
      region: v.optional(name),
      value: v.optional(v.string('must be a text')),
      image: v.optional(name),
      type: v.optional(name),
    },
    operation: 'PutParameter',
  },
  alarms: {
    keys: {
      name,
      region: v.optional(name),
      state: v.optional(
        v.picklist(['OK', 'ALARM', 'INSUFFICIENT_DATA'], 'must be OK, ALARM or INSUFFICIENT_DATA'),
      ),
      reason: v.optional(name),
    },
    operation: 'PutMetricAlarm',
  },
} as const;

export type SectionName = keyof typeof SECTIONS;

/** The keys of a launch template's version; all others are members of LaunchTemplateData. */
export const VERSION_KEYS = ['image', 'description'];

const commit = v.pipe(
  v.string('must be a text'),
  v.regex(/^[0-9a-f]{40}$/, 'must be a commit of 40 hexadecimal digits'),
);

export const seedSchema = v.looseObject({
  region: v.optional(name, 'us-east-1'),
  images: listOf(v.looseObject(SECTIONS.images.keys)),
  launchTemplates: listOf(v.looseObject(SECTIONS.launchTemplates.keys)),
  targetGroups: listOf(v.looseObject(SECTIONS.targetGroups.keys)),
  groups: listOf(v.looseObject(SECTIONS.groups.keys)),
  parameters: listOf(v.looseObject(SECTIONS.parameters.keys)),
  alarms: listOf(v.looseObject(SECTIONS.alarms.keys)),
  commits: listOf(commit),
});

export type Seed = v.InferOutput<typeof seedSchema>;
