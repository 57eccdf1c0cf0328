/**
 * The section of a changelog about a version: what stands under its heading (`## 1.2.3`, `## [1.2.3] - 2026-11-21`)
 * up to the next one of that level. `undefined` when there is none, or nothing in it.
 */
export function changelogSection(changelog: string, version: string): string | undefined {
  const [, ...sections] = changelog.split(/^## +/m);
  for (const section of sections) {
    const [heading = '', ...lines] = section.split('\n');
    const [, found] = /^\[?v?([0-9A-Za-z.-]+)\]?/.exec(heading) ?? [];
    const text = lines.join('\n').trim();
    if (found === version && text !== '') return text;
  }
  return undefined;
}
