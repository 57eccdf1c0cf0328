import { parse, stringify } from 'yaml';

/** The parts of a workflow that are lowered. */
interface Workflow {
  jobs: Record<string, Job>;
}

interface Job {
  uses?: string;
  steps?: { uses?: string }[];
  environment?: string | { deployment?: unknown };
  concurrency?: string | { queue?: unknown };
  'cancel-timeout-minutes'?: unknown;
}

/** The name and release of this product in the templates. */
export const PRODUCT = { name: 'org/immutable-deploy', release: 'v1' } as const;

/**
 * Says in older words what a workflow of 2026 says, so that act 0.2.89 understands it: `$/path`, a path in the
 * workflow's own repository, becomes the same path in a release of it, and what concerns only GitHub's server, and
 * act refuses, goes: `environment.deployment`, `concurrency.queue` and `cancel-timeout-minutes`, and artifacts.
 */
export function lower(text: string): string {
  const workflow: Workflow = parse(text);
  for (const job of Object.values(workflow.jobs)) {
    if (job.steps) job.steps = job.steps.filter(({ uses }) => !uses?.startsWith('actions/upload-artifact@'));
    for (const place of [job, ...(job.steps ?? [])])
      if (place.uses !== undefined) place.uses = released(place.uses);
    if (typeof job.environment === 'object') delete job.environment.deployment;
    if (typeof job.concurrency === 'object') delete job.concurrency.queue;
    delete job['cancel-timeout-minutes'];
  }
  return stringify(workflow);
}

const released = (uses: string) =>
  uses.startsWith('$/') ? `${PRODUCT.name}/${uses.slice('$/'.length)}@${PRODUCT.release}` : uses;
