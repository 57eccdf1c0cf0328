import { DeleteLaunchTemplateVersionsCommand } from '@aws-sdk/client-ec2';
import { isAccessDenied } from '../aws/errors.ts';
import type { Context } from '../context.ts';
import { messageOf } from '../errors.ts';
import { groupedBy, inBatches, shortList } from './lists.ts';
import type { Removal } from './removal.ts';
import { type TemplateVersion, versionId } from './template-versions.ts';

/** What one call of DeleteLaunchTemplateVersions takes. */
const VERSIONS_A_CALL = 200;

/** Codes of single versions in an answer with status 200. */
const GONE = 'launchTemplateVersionDoesNotExist';

/**
 * Deletes launch template versions and writes down what became of each. EC2 does not protect versions that a group
 * uses: the caller has to have looked.
 *
 * @throws the signal's reason when the step was cancelled, between two calls
 */
export async function removeVersions(
  context: Context,
  versions: readonly TemplateVersion[],
  removal: Removal,
): Promise<void> {
  for (const [templateId, ofTemplate] of groupedBy(versions, ({ templateId }) => [templateId])) {
    for (const batch of inBatches(ofTemplate, VERSIONS_A_CALL)) {
      context.signal.throwIfAborted();
      await removeBatch(context, templateId, batch, removal);
    }
  }
}

async function removeBatch(
  { aws, log }: Context,
  templateId: string,
  batch: readonly TemplateVersion[],
  removal: Removal,
): Promise<void> {
  try {
    const answer = await aws.ec2.send(
      new DeleteLaunchTemplateVersionsCommand({
        LaunchTemplateId: templateId,
        Versions: batch.map(({ number }) => String(number)),
      }),
    );
    const deleted = (answer.SuccessfullyDeletedLaunchTemplateVersions ?? []).map(({ VersionNumber = 0 }) => VersionNumber);
    removal.versions.push(...deleted.map((number) => versionId({ templateId, number })));
    if (deleted.length > 0) log.info(`${templateId}: deleted ${shortList(deleted.map(String), 20)}`);
    // The call succeeds although single versions were not deleted.
    for (const { VersionNumber: number = 0, ResponseError } of answer.UnsuccessfullyDeletedLaunchTemplateVersions ?? []) {
      const { Code = '', Message = '' } = ResponseError ?? {};
      if (Code === GONE) removal.notes.set(versionId({ templateId, number }), 'was gone already');
      else failed(templateId, [number], `${Code}: ${Message}`);
    }
  } catch (error) {
    const fix = isAccessDenied(error) ? ' Allow ec2:DeleteLaunchTemplateVersions in the policy of the role.' : '';
    failed(templateId, batch.map(({ number }) => number), `${messageOf(error)}${fix}`);
  }

  function failed(template: string, numbers: readonly number[], why: string): void {
    for (const number of numbers) removal.notes.set(versionId({ templateId: template, number }), `not deleted: ${why}`);
    const problem = `Version ${shortList(numbers.map(String), 20)} of launch template ${template} could not be deleted: ${why}`;
    removal.problems.push(problem);
    log.error(problem);
  }
}
