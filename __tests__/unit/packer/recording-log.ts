import type { Log } from '../../../src/log.ts';

/** A log that keeps what it is told, as `<kind>: <message>`. */
export function recordingLog(): Log & { readonly entries: string[] } {
  const entries: string[] = [];
  const record = (kind: string) => (message: string) => void entries.push(`${kind}: ${message}`);
  return {
    entries,
    info: record('info'),
    notice: record('notice'),
    warning: record('warning'),
    error: record('error'),
    secret: record('secret'),
    group: (_title, work) => work(),
    startGroup: (title) => {
      entries.push(`== ${title}`);
      return () => void entries.push(`/= ${title}`);
    },
  };
}
