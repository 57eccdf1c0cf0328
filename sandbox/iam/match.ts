/** Whether a text fits a pattern of a policy, in which `*` stands for any characters and `?` for one. */
export function fitsPattern(pattern: string, text: string): boolean {
  // Two pointers and one place to come back to: no expression that a long pattern could slow down.
  let [p, t, star, mark] = [0, 0, -1, 0];
  while (t < text.length) {
    if (pattern[p] === '*') [star, mark, p] = [p, t, p + 1];
    else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) [p, t] = [p + 1, t + 1];
    else if (star >= 0) [p, mark, t] = [star + 1, mark + 1, mark + 1];
    else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/** ARNs are compared part by part: a `*` does not reach over a colon of the first five. */
export function fitsArn(pattern: string, arn: string): boolean {
  const [wanted, given] = [arnParts(pattern), arnParts(arn)];
  return (
    wanted.length === given.length && wanted.every((part, index) => fitsPattern(part, given[index] ?? ''))
  );
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}
