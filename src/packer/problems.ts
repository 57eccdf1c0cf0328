/** What is wrong with a template, and where. */
export interface TemplateProblem {
  readonly message: string;
  /** As Packer names it: relative to the folder that it runs in, or absolute. */
  readonly file: string;
  readonly line: number;
}

/**
 * The problems of an HCL2 template in one of Packer's error texts: `Error: <what>`, indented `on <file> line <n>` with
 * the source, and a paragraph about it. Problems without a place are left out.
 */
export function problemsIn(text: string): TemplateProblem[] {
  return text.split(/^(?=Error: )/m).flatMap((block) => {
    const [head = '', ...paragraphs] = block.trim().split(/\n\s*\n/);
    const [, file, line] = /^ {2}on (\S.*) line ([1-9]\d*)\b/m.exec(paragraphs[0] ?? '') ?? [];
    if (!head.startsWith('Error: ') || file === undefined) return [];
    const message = [head.slice('Error: '.length), ...paragraphs.slice(1)].join('\n').trim();
    return [{ message, file, line: Number(line) }];
  });
}
