import { DeleteLaunchTemplateVersionsCommand } from '@aws-sdk/client-ec2';
import { isAccessDenied } from '../aws/errors.ts';
import type { Context } from '../context.ts';
import { errorCode, messageOf } from '../errors.ts';
import { groupedBy, inBatches, shortList } from './lists.ts';
import type { Removal } from './removal.ts';
import { type TemplateVersion, versionId } from './template-versions.ts';

/** What one call of DeleteLaunchTemplateVersions takes. */
const VERSIONS_A_CALL = 200;

/** Of a single version in an answer with status 200, and of a call for a template that was deleted meanwhile. */
const GONE = new Set(['launchTemplateVersionDoesNotExist', 'InvalidLaunchTemplateId.NotFound']);

/** What became of the versions of one call. */
interface Outcome {
  deleted: number[];
  gone: number[];
  failed: { numbers: number[]; why: string }[];
}

/**
 * Deletes launch template versions and writes down what became of each. EC2 does not protect versions that a group
 * uses: the caller has to have looked. Resolves with the ids of those that do not exist any more.
 *
 * @throws the signal's reason when the step was cancelled, between two calls
 */
export async function removeVersions(
  context: Context,
  versions: readonly TemplateVersion[],
  removal: Removal,
): Promise<Set<string>> {
  const absent = new Set<string>();
  for (const [templateId, ofTemplate] of groupedBy(versions, (version) => [version.templateId])) {
    for (const batch of inBatches(ofTemplate, VERSIONS_A_CALL)) {
      context.signal.throwIfAborted();
      const outcome = await deleteVersions(context, templateId, batch);
      note(context, templateId, outcome, removal);
      for (const number of [...outcome.deleted, ...outcome.gone])
        absent.add(versionId({ templateId, number }));
    }
  }
  return absent;
}

/** The call succeeds although single versions were not deleted; it fails as a whole when one became the default. */
async function deleteVersions(
  { aws }: Context,
  templateId: string,
  batch: readonly TemplateVersion[],
): Promise<Outcome> {
  const numbers = batch.map(({ number }) => number);
  try {
    const answer = await aws.ec2.send(
      new DeleteLaunchTemplateVersionsCommand({
        LaunchTemplateId: templateId,
        Versions: numbers.map(String),
      }),
    );
    const failures = (answer.UnsuccessfullyDeletedLaunchTemplateVersions ?? []).map(
      ({ VersionNumber = 0, ResponseError: { Code = '', Message = '' } = {} }) => ({
        number: VersionNumber,
        gone: GONE.has(Code),
        why: `${Code}: ${Message}`,
      }),
    );
    return {
      deleted: (answer.SuccessfullyDeletedLaunchTemplateVersions ?? []).map(
        ({ VersionNumber = 0 }) => VersionNumber,
      ),
      gone: failures.filter(({ gone }) => gone).map(({ number }) => number),
      failed: failures.filter(({ gone }) => !gone).map(({ number, why }) => ({ numbers: [number], why })),
    };
  } catch (error) {
    if (GONE.has(errorCode(error))) return { deleted: [], gone: numbers, failed: [] };
    const fix = isAccessDenied(error)
      ? ' Allow ec2:DeleteLaunchTemplateVersions in the policy of the role.'
      : '';
    return { deleted: [], gone: [], failed: [{ numbers, why: `${messageOf(error)}${fix}` }] };
  }
}

function note(
  { log }: Context,
  templateId: string,
  { deleted, gone, failed }: Outcome,
  removal: Removal,
): void {
  const ids = (numbers: readonly number[]) => numbers.map((number) => versionId({ templateId, number }));
  removal.versions.push(...ids(deleted));
  if (deleted.length > 0) log.info(`${templateId}: deleted versions ${shortList(deleted.map(String), 20)}`);
  for (const id of ids(gone)) removal.notes.set(id, 'was gone already');
  for (const { numbers, why } of failed) {
    for (const id of ids(numbers)) removal.notes.set(id, `not deleted: ${why}`);
    const which = `${numbers.length === 1 ? 'Version' : 'Versions'} ${shortList(numbers.map(String), 20)}`;
    const problem = `${which} of launch template ${templateId} could not be deleted: ${why}`;
    removal.problems.push(problem);
    log.error(problem);
  }
}
