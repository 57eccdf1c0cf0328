import { existsSync, readFileSync } from 'node:fs';
import { required } from '../github.ts';
import { changelogSection } from './changelog.ts';
import { parseVersion, type Version } from './version.ts';

/** What is to be released, as the workflow and the checked-out commit say it. */
export interface Candidate {
  version: Version;
  /** `v1.2.3`. */
  tag: string;
  commit: string;
  /** The branch or tag that the workflow was started on: `refs/heads/main`. */
  ref: string;
  /** The version in package.json. */
  declared: string;
  /** Whether there is a changelog, and what it says about the version. */
  changelog: 'none' | { section: string | undefined };
}

/** Reads the candidate in the working directory. */
export function readCandidate(environment: NodeJS.ProcessEnv): Candidate {
  const text = required(environment, 'VERSION');
  const version = parseVersion(text);
  if (!version)
    throw new Error(
      `${JSON.stringify(text)} is not a version: write it like 1.2.3 or 1.2.3-rc.1, without a "v".`,
    );
  const declared: { version: string } = JSON.parse(readFileSync('package.json', 'utf8'));
  return {
    version,
    tag: `v${text}`,
    commit: required(environment, 'GITHUB_SHA'),
    ref: required(environment, 'GITHUB_REF'),
    declared: declared.version,
    changelog: existsSync('CHANGELOG.md')
      ? { section: changelogSection(readFileSync('CHANGELOG.md', 'utf8'), text) }
      : 'none',
  };
}
