/** Milliseconds before the second, third and fourth try. */
const PAUSES = [10_000, 30_000, 60_000] as const;

/** Longer than this nobody waits for GitHub's rate limit to be reset. Seconds. */
const LONGEST_WAIT = 300;

const LATER =
  /rate limit|too many requests|\b(429|500|502|503|504)\b|timeout|timed out|connection (reset|refused)|unexpected EOF|TLS handshake|temporary failure|no such host/i;

/**
 * How long to wait before `packer init` is tried again, in milliseconds; `undefined` when another try would end the
 * same way.
 *
 * @param errorLines what Packer said
 * @param attempt how often it was tried
 */
export function initPause(errorLines: readonly string[], attempt: number): number | undefined {
  const text = errorLines.join('\n');
  const pause = PAUSES[attempt - 1];
  if (pause === undefined || !LATER.test(text)) return undefined;
  const reset = /rate reset in (?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?/.exec(text);
  if (!reset) return pause;
  const [hours = 0, minutes = 0, seconds = 0] = reset.slice(1).map((digits) => Number(digits ?? 0));
  const wait = hours * 3600 + minutes * 60 + seconds;
  return wait > LONGEST_WAIT ? undefined : Math.max(pause, (wait + 1) * 1000);
}
