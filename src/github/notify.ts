import { PublishCommand } from '@aws-sdk/client-sns';
import { explained } from '../aws/errors.ts';
import type { Context } from '../context.ts';
import { messageOf } from '../errors.ts';
import type { Announcement } from '../report.ts';

/** Characters; what the chat schema takes at most is not published, and nobody reads more in a chat. */
const LONGEST = 2000;

/**
 * Publishes the outcome in the schema that Amazon Q Developer in chat applications (Slack, Teams) renders; a message
 * in any other form it drops silently. A failure here is a warning: the deployment is as it is.
 */
export async function notify(
  context: Context,
  topicArn: string,
  message: Announcement & { event: string; application: string },
): Promise<void> {
  const { aws, log, run } = context;
  const title = `${message.title}: ${message.application}`;
  const body = {
    version: '1.0',
    source: 'custom',
    content: {
      textType: 'client-markdown',
      title,
      description: message.text.slice(0, LONGEST),
      nextSteps: [`[Workflow run](${run.url})`],
      keywords: [message.application],
    },
    metadata: {
      // All that one run does, its attempts too, is one thread.
      threadId: `${run.repository}/${run.id}`,
      summary: title,
      eventType: `immutable-deploy ${message.event}`,
      additionalContext: { run: run.url },
    },
  };
  try {
    await aws.sns.send(new PublishCommand({ TopicArn: topicArn, Message: JSON.stringify(body) }));
  } catch (error) {
    log.warning(`The message to ${topicArn} could not be sent: ${messageOf(explained(error))}`);
  }
}
