/** One call that is made on both sides. */
export interface Step {
  /** Other steps refer to its answer by this name. */
  name: string;
  /** Service and operation in boto3's words, such as `ec2 RunInstances`. */
  call: string;
  /** `{run.Instances.0.InstanceId}` in a text is what the step `run` answered on the same side. */
  input?: object;
  /** Compared by another topic; here it only has to succeed on both sides. */
  scenery?: true;
}

/** Seconds of AWS's time for what goes on by itself. In moto everything is done at once. */
export interface Pause {
  pause: number;
}

export type Script = readonly (Step | Pause)[];

/** The input with the values of earlier answers; `undefined` when one of these has no such value. */
export function resolve(input: unknown, answers: ReadonlyMap<string, unknown>): unknown {
  if (typeof input === 'string') return resolveText(input, answers);
  if (Array.isArray(input)) return everyResolved(input.map((item) => resolve(item, answers)));
  if (typeof input !== 'object' || input === null) return input;
  const names = Object.keys(input);
  const values = everyResolved(Object.values(input).map((value) => resolve(value, answers)));
  return values && Object.fromEntries(names.map((name, index) => [name, values[index]]));
}

const everyResolved = (values: unknown[]) => (values.includes(undefined) ? undefined : values);

function resolveText(text: string, answers: ReadonlyMap<string, unknown>): string | undefined {
  let missing = false;
  const resolved = text.replace(/\{([\w-]+)\.([\w.]+)\}/g, (_, name: string, path: string) => {
    const value = path
      .split('.')
      .reduce<unknown>((whole, key) => Reflect.get(Object(whole), key), answers.get(name));
    if (value === undefined) missing = true;
    return String(value);
  });
  return missing ? undefined : resolved;
}
