// A step of release.yml: `node scripts/release/release.ts <check|draft|publish|move-tags>`. Each can run again after
// any other one failed, and leads to the same end.
import { accessOf, GitHub, runStep } from '../github.ts';
import { readCandidate } from './candidate.ts';
import { check } from './check.ts';
import { draft } from './draft.ts';
import { moveTags, publish } from './publish.ts';

const steps = new Map([
  ['check', check],
  ['draft', draft],
  ['publish', publish],
  ['move-tags', moveTags],
]);

await runStep(async () => {
  const name = process.argv[2] ?? '';
  const step = steps.get(name);
  if (!step)
    throw new Error(`There is no step ${JSON.stringify(name)}: name one of ${[...steps.keys()].join(', ')}.`);
  return await step(new GitHub(accessOf(process.env)), readCandidate(process.env));
});
