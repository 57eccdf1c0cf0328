import * as v from 'valibot';
import {
  AMI_ID,
  amounts,
  BASE_IMAGE,
  boolean,
  COMMIT,
  integer,
  integers,
  keyValues,
  lines,
  list,
  listOf,
  matching,
  oneOf,
  REGION,
  SHARED_WITH,
  text,
} from './fields.ts';

/**
 * Every input, by mode: its form, and its default where the code does not have to decide. An input that is absent or
 * empty is "not given". action.yml describes each of them for people; a test keeps both in step.
 */

const APPLICATION = /^[^\s]{1,256}$/;

const common = {
  application: v.optional(matching(APPLICATION, 'a name of at most 256 characters without blanks')),
  'aws-region': v.optional(matching(REGION, 'a Region such as eu-west-1')),
  'role-to-assume': v.optional(matching(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/, 'the ARN of an IAM role')),
  'role-duration-seconds': v.optional(integer(900, 43200), '3600'),
  'expected-account-ids': v.optional(listOf(/^\d{12}$/, '12-digit account ids')),
  'timeout-minutes': v.optional(integer(1, 1440), '120'),
  'sns-topic-arn': v.optional(
    matching(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[^\s]+$/, 'the ARN of an SNS topic'),
  ),
  'github-token': v.optional(text, ''),
};

/** The farthest deprecation date that AWS takes, in days. */
const TEN_YEARS = 3650;

const bake = v.object({
  mode: v.literal('bake'),
  ...common,
  'dry-run': v.optional(boolean, 'false'),
  template: text,
  'working-directory': v.optional(text, '.'),
  variables: v.optional(keyValues, ''),
  'variable-files': v.optional(lines, ''),
  only: v.optional(list, ''),
  except: v.optional(list, ''),
  'packer-version': v.optional(
    // HashiCorp's "~> 1.14" is left out: version ranges read it as 1.14.x, HashiCorp as 1.14 and all that follow.
    matching(
      /^(system|latest|(?=.*\d)(?!.*~>)[\d.xX*^~<>=|\s-]+)$/,
      'system, latest, a version such as 1.14.2 or a range such as 1.x or >=1.10 <2',
    ),
    '1.14.2',
  ),
  'packer-mirror': v.optional(matching(/^https?:\/\/\S+$/, 'an http or https address')),
  'fingerprint-paths': v.optional(list, ''),
  reuse: v.optional(boolean, 'true'),
  rebuild: v.optional(boolean, 'false'),
  'reuse-max-age-days': v.optional(integer(1), '30'),
  'base-image': v.optional(
    matching(
      BASE_IMAGE,
      'an AMI id, ssm:<parameter>, <owner>:<name pattern> (owner: account id, amazon, aws-marketplace or self) or application:<name>',
    ),
  ),
  'base-image-variable': v.optional(matching(/^[A-Za-z_][\w-]*$/, "a variable's name"), 'source_ami'),
  tags: v.optional(keyValues, ''),
  'copy-to-regions': v.optional(listOf(REGION, 'Regions such as eu-west-1'), ''),
  'kms-key-ids': v.optional(keyValues, ''),
  'share-with': v.optional(
    listOf(SHARED_WITH, '12-digit account ids and ARNs of organisations or organisational units'),
    '',
  ),
  'share-snapshots': v.optional(boolean, 'false'),
  'ssm-parameter': v.optional(
    matching(/^\/?(?!aws|ssm)[\w.-][\w./-]{0,1000}$/i, "a parameter's name such as /shop/ami"),
  ),
  'deprecate-after-days': v.optional(integer(1, TEN_YEARS)),
  'deregistration-protection': v.optional(boolean, 'false'),
  'smoke-test': v.optional(oneOf(['none', 'status', 'ssm', 'http']), 'none'),
  'smoke-test-launch-template': v.optional(
    matching(
      /^[\w()./-]{3,128}(:([1-9]\d*|\$Default|\$Latest))?$/,
      'the id or name of a launch template, with or without :<version>',
    ),
  ),
  'smoke-test-subnet': v.optional(matching(/^subnet-[0-9a-f]+$/, "a subnet's id")),
  'smoke-test-instance-type': v.optional(
    matching(/^[a-z0-9-]+\.[a-z0-9-]+$/, 'an instance type such as t3.small'),
  ),
  'smoke-test-instance-profile': v.optional(
    matching(
      /^(arn:aws[a-z-]*:iam::\d{12}:instance-profile\/)?[\w+=,.@/-]+$/,
      'the name or ARN of an instance profile',
    ),
  ),
  'smoke-test-command': v.optional(text),
  'smoke-test-url': v.optional(
    matching(
      /^(\/\S*|https?:\/\/\S*\{(private|public)-ip\}\S*)$/,
      'a path, or an address with {private-ip} or {public-ip} in it',
    ),
  ),
  'smoke-test-user-data': v.optional(text),
});

/** The longest checkpoint delay and bake time that AWS takes, in seconds. */
const TWO_DAYS = 172_800;

const STOP = ['rollback', 'cancel', 'leave'] as const;

const promote = v.object({
  mode: v.literal('promote'),
  ...common,
  'dry-run': v.optional(boolean, 'false'),
  environment: matching(/^[^\n]{1,255}$/, 'the name of an environment'),
  'auto-scaling-groups': v.optional(v.pipe(list, v.minLength(1, 'must name at least one group'))),
  'auto-scaling-group-tags': v.optional(keyValues),
  'ami-id': v.optional(listOf(AMI_ID, 'AMI ids such as ami-0123456789abcdef0, one for each architecture')),
  commit: v.optional(matching(COMMIT, 'a commit SHA of 7 to 40 hexadecimal digits')),
  version: v.optional(text),
  branch: v.optional(text),
  'image-owners': v.optional(listOf(/^\d{12}$/, '12-digit account ids'), ''),
  rollback: v.optional(boolean, 'false'),
  'allow-older': v.optional(boolean, 'false'),
  'allow-no-rollback': v.optional(boolean, 'false'),
  'pin-version': v.optional(boolean, 'false'),
  'source-version': v.optional(
    matching(/^(running|default|latest|[1-9]\d*)$/, 'running, default, latest or a version number'),
    'running',
  ),
  'min-healthy-percentage': v.optional(integer(0, 100)),
  'max-healthy-percentage': v.optional(integer(100, 200)),
  'instance-warmup': v.optional(integer(0)),
  'checkpoint-percentages': v.optional(integers(1, 100)),
  'checkpoint-delay': v.optional(integer(0, TWO_DAYS)),
  'bake-time': v.optional(integer(0, TWO_DAYS)),
  'skip-matching': v.optional(boolean),
  'auto-rollback': v.optional(boolean),
  'standby-instances': v.optional(oneOf(['Terminate', 'Ignore', 'Wait'])),
  'scale-in-protected-instances': v.optional(oneOf(['Refresh', 'Ignore', 'Wait'])),
  alarms: v.optional(v.pipe(list, v.maxLength(10, 'must name 10 alarms at most'))),
  incident: v.optional(boolean, 'false'),
  'preferences-file': v.optional(text),
  'when-busy': v.optional(oneOf(['wait', 'fail']), 'wait'),
  'on-failure': v.optional(oneOf(['rollback', 'leave']), 'rollback'),
  'on-timeout': v.optional(oneOf(STOP), 'rollback'),
  'on-cancel': v.optional(oneOf(STOP), 'rollback'),
  'max-failed-instances': v.optional(integer(1), '3'),
  'unhealthy-grace': v.optional(integer(0, 86400), '300'),
  'max-parallel': v.optional(integer(1, 100), '10'),
  'verify-url': v.optional(matching(/^https?:\/\/\S+$/, 'an http or https address')),
  'verify-timeout': v.optional(integer(0, 86400), '600'),
  'update-default-version': v.optional(boolean, 'false'),
  'github-deployment': v.optional(oneOf(['auto', 'own', 'none']), 'auto'),
  'environment-url': v.optional(matching(/^https?:\/\/\S+$/, 'an http or https address')),
});

const prune = v.object({
  mode: v.literal('prune'),
  ...common,
  application: v.optional(listOf(APPLICATION, 'names of at most 256 characters without blanks')),
  'dry-run': v.optional(boolean, 'true'),
  keep: v.optional(integer(2), '10'),
  'group-by': v.optional(
    v.pipe(listOf(/^[^\s]{1,127}$/, 'branch or keys of tags'), v.minLength(1, 'must name at least one tag')),
    'branch',
  ),
  'stale-days': v.optional(integer(1), '90'),
  'keep-promoted': v.optional(integer(1), '5'),
  'min-age-days': v.optional(integer(0), '35'),
  'in-use-ami-ids': v.optional(listOf(AMI_ID, 'AMI ids such as ami-0123456789abcdef0'), ''),
  'prune-shared': v.optional(boolean, 'false'),
  'launch-templates': v.optional(list, ''),
  'keep-launch-template-versions': v.optional(integer(2), '10'),
  'unused-launch-templates': v.optional(oneOf(['keep', 'delete']), 'keep'),
  removal: v.optional(oneOf(['delete', 'deprecate', 'disable']), 'delete'),
  'grace-days': v.optional(integer(1, 3650), '7'),
  orphans: v.optional(boolean, 'true'),
  'max-deletions': v.optional(integer(1), '50'),
  'max-deletion-percent': v.optional(integer(1, 100), '50'),
  pace: v.optional(oneOf(['shared', 'full']), 'shared'),
  regions: v.optional(listOf(REGION, 'Regions such as eu-west-1'), ''),
  'price-per-gib-month': v.optional(amounts, ''),
});

export const schemas = { bake, promote, prune };

export type Mode = keyof typeof schemas;

export const MODES: readonly Mode[] = ['bake', 'promote', 'prune'];

/** `auto-scaling-groups` → `autoScalingGroups`. */
export type Camel<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : S;

/** What the user asked for in a mode, checked. Optional inputs without a default are absent when they are not given. */
type CamelKeys<T> = { [K in keyof T as Camel<K & string>]: T[K] };

export type BakeInputs = CamelKeys<v.InferOutput<typeof bake>>;
export type PromoteInputs = CamelKeys<v.InferOutput<typeof promote>>;
export type PruneInputs = CamelKeys<v.InferOutput<typeof prune>>;
export type Inputs = BakeInputs | PromoteInputs | PruneInputs;
