import { PublishCommand } from '@aws-sdk/client-sns';
import { explained } from '../aws/errors.ts';
import type { Context } from '../context.ts';
import { messageOf } from '../errors.ts';

/** The longest text that the chat schema takes is not published; this is what one reads in a chat. */
const LONGEST = 2000;

/**
 * Publishes the outcome in the schema that Amazon Q Developer in chat applications (Slack, Teams) renders; a message
 * in any other form it drops silently. A failure here is a warning: the deployment is as it is.
 */
export async function notify(
  context: Context,
  topicArn: string,
  message: { title: string; description: string; thread: string },
): Promise<void> {
  const { aws, log, run } = context;
  const body = {
    version: '1.0',
    source: 'custom',
    content: {
      textType: 'client-markdown',
      title: message.title,
      description: message.description.slice(0, LONGEST),
      nextSteps: [`[Workflow run](${run.url})`],
    },
    metadata: { threadId: message.thread, summary: message.title },
  };
  try {
    await aws.sns.send(new PublishCommand({ TopicArn: topicArn, Message: JSON.stringify(body) }));
  } catch (error) {
    log.warning(`The message to ${topicArn} could not be sent: ${messageOf(explained(error))}`);
  }
}
