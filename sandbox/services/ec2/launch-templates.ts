import type {
  CreateLaunchTemplateRequest,
  CreateLaunchTemplateResult,
  DeleteLaunchTemplateRequest,
  DeleteLaunchTemplateResult,
  DescribeLaunchTemplatesRequest,
  DescribeLaunchTemplatesResult,
  LaunchTemplate,
  ModifyLaunchTemplateRequest,
  ModifyLaunchTemplateResult,
} from '@aws-sdk/client-ec2';
import { findVersion, latestNumber, newVersion } from '../../engine/launch-templates.ts';
import type { LaunchTemplateRecord } from '../../engine/records/ec2.ts';
import { addTags } from '../../engine/tags.ts';
import type { Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import {
  CREATOR,
  checkedData,
  pageSize,
  templateOf,
  warningOf,
  wholeSeconds,
} from './launch-template-data.ts';
import { ec2Page, type FilterValues, filtered, remember, repeated, tagList } from './query.ts';
import { requestedTags } from './tag-rules.ts';

export const launchTemplateHandlers: Handlers = {
  CreateLaunchTemplate,
  DescribeLaunchTemplates,
  ModifyLaunchTemplate,
  DeleteLaunchTemplate,
};

/** The token is looked at before the name: a repeated call is no conflict with itself. */
function CreateLaunchTemplate(
  input: CreateLaunchTemplateRequest,
  region: Region,
): CreateLaunchTemplateResult {
  const { state, world } = region;
  const replayed = replay(region, input);
  const data = checkedData(input.LaunchTemplateData);
  if (replayed) return { LaunchTemplate: describe(region, replayed), ...warningOf(region, data) };
  const name = checkedName(region, input.LaunchTemplateName);
  if (Object.keys(data).length === 0) {
    throw new ServiceError(
      'MissingParameter',
      'No launch template data was provided. Launch template data is required to create a launch template.',
    );
  }
  const tags = requestedTags(input.TagSpecifications, 'launch-template', ['launch-template']);
  // The limit is documented; code and text are an inference.
  if (state.launchTemplates.size >= state.quotas.launchTemplates)
    throw new ServiceError(
      'LaunchTemplateLimitExceeded',
      `You have reached the limit of ${state.quotas.launchTemplates} launch templates.`,
    );
  const id = world.newId('lt');
  const template: LaunchTemplateRecord = {
    id,
    name,
    createdAt: region.now,
    defaultVersion: 1,
    lastNumber: 1,
    versions: [newVersion(region, 1, input, data)],
  };
  state.launchTemplates.set(id, template);
  addTags(region, id, tags);
  remember(region, 'CreateLaunchTemplate', input, id);
  return { LaunchTemplate: describe(region, template), ...warningOf(region, data) };
}

/** A call is repeated without harm only while the template is as that call made it: later even an equal one fails. */
function replay(region: Region, input: CreateLaunchTemplateRequest): LaunchTemplateRecord | undefined {
  const text = 'Client token already used before.';
  const id = repeated(region, 'CreateLaunchTemplate', input, text);
  if (id === undefined) return undefined;
  const template = region.state.launchTemplates.get(id);
  if (template?.lastNumber === 1) return template;
  throw new ServiceError('IdempotentParameterMismatch', text);
}

function checkedName(region: Region, name = ''): string {
  if (!/^[a-zA-Z0-9()./_-]{3,128}$/.test(name)) {
    throw new ServiceError(
      'InvalidLaunchTemplateName.MalformedException',
      'A launch template name must be between 3 and 128 characters, and may contain letters, numbers, and the following characters: - ( ) . / _.',
    );
  }
  if ([...region.state.launchTemplates.values()].some((template) => template.name === name)) {
    throw new ServiceError(
      'InvalidLaunchTemplateName.AlreadyExistsException',
      'Launch template name already in use.',
    );
  }
  return name;
}

const templateFilters: FilterValues<LaunchTemplateRecord> = {
  'create-time': ({ createdAt }) => new Date(createdAt).toISOString(),
  'launch-template-name': ({ name }) => name,
};

/** Its texts for what is missing are others than those of the calls about one template. */
function DescribeLaunchTemplates(
  input: DescribeLaunchTemplatesRequest,
  region: Region,
): DescribeLaunchTemplatesResult {
  const { LaunchTemplateIds: ids = [], LaunchTemplateNames: names = [] } = input;
  const all = [...region.state.launchTemplates.values()];
  const malformed = ids.filter((id) => !/^lt-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id));
  if (malformed.length > 0) {
    throw new ServiceError(
      'InvalidLaunchTemplateId.Malformed',
      `The following launch template ids are malformed: ${malformed.join(', ')}`,
    );
  }
  const missing = 'At least one of the launch templates specified in the request does not exist.';
  if (ids.some((id) => !region.state.launchTemplates.has(id)))
    throw new ServiceError('InvalidLaunchTemplateId.NotFound', missing);
  const known = new Set(all.map(({ name }) => name));
  if (names.some((name) => !known.has(name)))
    throw new ServiceError('InvalidLaunchTemplateName.NotFoundException', missing);
  const asked = all.filter(
    (template) =>
      (ids.length === 0 || ids.includes(template.id)) &&
      (names.length === 0 || names.includes(template.name)),
  );
  const matching = filtered(region, asked, input.Filters, templateFilters, ({ id }) => id);
  const { items, next } = ec2Page(matching, { ...input, MaxResults: pageSize(input.MaxResults) });
  return { LaunchTemplates: items.map((template) => describe(region, template)), ...next };
}

function describe(region: Region, template: LaunchTemplateRecord): LaunchTemplate {
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    CreateTime: wholeSeconds(template.createdAt),
    CreatedBy: CREATOR,
    DefaultVersionNumber: template.defaultVersion,
    LatestVersionNumber: latestNumber(template),
    Operator: { Managed: false },
    ...tagList(region, template.id),
  };
}

function ModifyLaunchTemplate(
  input: ModifyLaunchTemplateRequest,
  region: Region,
): ModifyLaunchTemplateResult {
  const template = templateOf(region, input);
  const text = 'The specified client token has already been used before.';
  if (repeated(region, 'ModifyLaunchTemplate', input, text) === undefined) {
    template.defaultVersion = findVersion(template, input.DefaultVersion).number;
    remember(region, 'ModifyLaunchTemplate', input, template.id);
  }
  const { Tags: _tags, ...described } = describe(region, template);
  // AWS answers this one call with a creation time of 1970.
  return { LaunchTemplate: { ...described, CreateTime: new Date(0) } };
}

function DeleteLaunchTemplate(
  input: DeleteLaunchTemplateRequest,
  region: Region,
): DeleteLaunchTemplateResult {
  const template = templateOf(region, input);
  const { Tags: _tags, ...described } = describe(region, template);
  region.state.launchTemplates.delete(template.id);
  region.state.tags.delete(template.id);
  return { LaunchTemplate: described };
}
