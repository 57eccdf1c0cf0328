import * as v from 'valibot';

/**
 * Building blocks for inputs: each turns the text of an input into a value, or says in one sentence what it must be.
 * The sentences are completed with the input's name and its text by the parser.
 */

export const text = v.string();

export const boolean = v.pipe(
  v.string(),
  v.picklist(['true', 'false'], 'must be true or false'),
  v.transform((value) => value === 'true'),
);

export function integer(least: number, most = Number.MAX_SAFE_INTEGER) {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  const message = `must be a whole number ${range}`;
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,15}$/, message),
    v.transform(Number),
    v.minValue(least, message),
    v.maxValue(most, message),
  );
}

/** Whole numbers separated by commas or line breaks. */
export function integers(least: number, most: number) {
  const message = `must be a list of whole numbers from ${least} to ${most}`;
  return v.pipe(
    v.string(),
    v.transform(itemsOf),
    v.everyItem((item) => /^\d{1,15}$/.test(item) && Number(item) >= least && Number(item) <= most, message),
    v.transform((items) => items.map(Number)),
  );
}

export function oneOf<const T extends readonly string[]>(choices: T) {
  return v.picklist(choices, `must be one of ${choices.join(', ')}`);
}

export function matching(pattern: RegExp, what: string) {
  return v.pipe(v.string(), v.regex(pattern, `must be ${what}`));
}

/** Items separated by commas or line breaks. */
export const list = v.pipe(v.string(), v.transform(itemsOf));

export function listOf(pattern: RegExp, what: string) {
  return v.pipe(
    list,
    v.everyItem((item) => pattern.test(item), `must be a list of ${what}`),
  );
}

/** One item a line, so that items may contain commas. */
export const lines = v.pipe(v.string(), v.transform(linesOf));

/** `KEY=VALUE`, one a line. */
export const keyValues = v.pipe(
  lines,
  v.everyItem((line) => /^[^=\s][^=]*=/.test(line), 'must have KEY=VALUE on each line'),
  v.transform((items) =>
    Object.fromEntries(
      items.map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1)]),
    ),
  ),
);

/** One amount for all, under the key '', or `KEY=AMOUNT` items. */
export const amounts = v.pipe(
  list,
  v.everyItem(
    (item) => /^([a-z0-9-]+=)?\d{1,6}(\.\d{1,6})?$/.test(item),
    'must be an amount such as 0.05, or a list of REGION=AMOUNT',
  ),
  v.transform(
    (items): Record<string, number> =>
      Object.fromEntries(
        items.map((item) => {
          const [amount = '', key = ''] = item.split('=').toReversed();
          return [key, Number(amount)];
        }),
      ),
  ),
);

function itemsOf(value: string): string[] {
  return value
    .split(/[,\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function linesOf(value: string): string[] {
  return value
    .split('\n')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

export const AMI_ID = /^ami-([0-9a-f]{8}|[0-9a-f]{17})$/;
export const COMMIT = /^[0-9a-f]{7,40}$/;

export const REGION = /^[a-z]{2,}(-[a-z]+)+-\d+$/;

/** Whom an image can be shared with. */
export const SHARED_WITH =
  /^(\d{12}|arn:aws[a-z-]*:organizations::\d{12}:(organization\/o-[a-z0-9]+|ou\/o-[a-z0-9]+\/ou-[a-z0-9-]+))$/;

/** The four ways to name a base image. */
export const BASE_IMAGE =
  /^(ami-([0-9a-f]{8}|[0-9a-f]{17})|ssm:\/?[\w./-]+(:[\w.-]+)?|(\d{12}|amazon|aws-marketplace|self):.+|application:\S+)$/;
