import { DeleteLaunchTemplateCommand } from '@aws-sdk/client-ec2';
import { isAccessDenied } from '../aws/errors.ts';
import type { Context } from '../context.ts';
import { errorCode, messageOf } from '../errors.ts';
import type { Removal } from './removal.ts';
import type { UnusedTemplate } from './unused-templates.ts';

/** Deletes a launch template with all its versions. Never rejects but for a cancel. */
export async function removeTemplate(
  { aws, log, signal }: Context,
  { id, name }: UnusedTemplate,
  removal: Removal,
): Promise<void> {
  try {
    await aws.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: id }));
    removal.templates.push(id);
    log.info(`Deleted the launch template ${id} (${name})`);
  } catch (error) {
    if (signal.aborted && error === signal.reason) throw error;
    if (errorCode(error) === 'InvalidLaunchTemplateId.NotFound') {
      removal.notes.set(id, 'was gone already');
      return;
    }
    const fix = isAccessDenied(error) ? ' Allow ec2:DeleteLaunchTemplate in the policy of the role.' : '';
    const problem = `Launch template ${id} (${name}) could not be deleted: ${messageOf(error)}${fix}`;
    removal.notes.set(id, `not deleted: ${messageOf(error)}`);
    removal.problems.push(problem);
    log.error(problem);
  }
}
