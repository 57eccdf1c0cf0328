import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The page at `/_sandbox/`: one document with its style and script inside, which asks nobody but the sandbox. */

interface Page {
  status: number;
  contentType: string;
  headers: Record<string, string>;
  body: string;
}

let page: Page | undefined;

export function answerPage(): Page {
  page ??= makePage();
  return page;
}

function makePage(): Page {
  const [style, script] = [asset('live.css'), asset('live.js')];
  return {
    status: 200,
    contentType: 'text/html; charset=utf-8',
    headers: {
      'content-security-policy': [
        "default-src 'none'",
        `style-src ${hash(style)}`,
        `script-src ${hash(script)}`,
        "connect-src 'self'",
        'img-src data:',
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
      ].join('; '),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    },
    // Functions as replacements: a `$` in the files means itself.
    body: asset('live.html')
      .replace('/* style */', () => style)
      .replace('/* script */', () => script),
  };
}

/** Only what was served as the page may run or style it: names from a scene cannot. */
const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The compiler leaves these files where they are: beside the source of this one. */
function asset(name: string): string {
  const here = fileURLToPath(new URL(name, import.meta.url));
  const source = fileURLToPath(new URL(`../../../sandbox/page/${name}`, import.meta.url));
  return readFileSync(existsSync(here) ? here : source, 'utf8');
}
