import { readFileSync } from 'node:fs';
import { validate } from '@actions/languageservice';
import { TextDocument } from 'vscode-languageserver-textdocument';

/** The service remembers what it parsed by address: each look at a text gets its own. */
let looks = 0;

/**
 * What GitHub's own language service has to say about a workflow or an action, as texts with their lines. It reads
 * the workflows and actions of this repository that the file names, and checks the inputs against theirs.
 */
export async function diagnostics(path: string, text = readFileSync(path, 'utf8')): Promise<string[]> {
  const document = TextDocument.create(`file:///${looks++}/${path}`, 'yaml', 0, text);
  const found = await validate(document, {
    fileProvider: {
      getFileContent: async (reference) => ({
        name: reference.path,
        content: readFileSync(reference.path, 'utf8'),
      }),
    },
  });
  return found.map(({ message, range }) => `${path}:${range.start.line + 1}: ${message}`);
}
