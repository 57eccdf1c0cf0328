/** A line of the action's log as the runner's page shows it; `undefined` for what the page hides. */
export function readable(line: string): string | undefined {
  if (line === '' || line.startsWith('::endgroup::') || line.startsWith('::add-mask::')) return undefined;
  const [, kind = '', text = ''] = /^::(group|notice|warning|error)(?: [^:]*)?::(.*)$/.exec(line) ?? [];
  if (kind === 'group') return `▸ ${text}`;
  const message = (kind === '' ? line : `${kind}: ${text}`).replaceAll('%0A', '\n      ');
  return message.length > 240 ? `${message.slice(0, 237)}...` : message;
}
