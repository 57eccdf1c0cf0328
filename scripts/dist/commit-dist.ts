// The step of dist-commit.yml: commits the dist/ that the unprivileged build handed over.
import { accessOf, GitHub, required, runStep } from '../github.ts';
import { readArtifact } from './artifact.ts';
import { commitDist } from './commit.ts';

await runStep(async () =>
  commitDist(new GitHub(accessOf(process.env)), {
    branch: required(process.env, 'BRANCH'),
    commit: required(process.env, 'COMMIT'),
    files: readArtifact(required(process.env, 'DIST')),
  }),
);
