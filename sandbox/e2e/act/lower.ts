import { parse, stringify } from 'yaml';

/** The parts of a workflow that are lowered. */
interface Workflow {
  jobs: Record<string, Job>;
}

interface Job {
  uses?: string;
  steps?: Step[];
  environment?: string | { deployment?: unknown };
  concurrency?: string | { queue?: unknown };
  'cancel-timeout-minutes'?: unknown;
}

interface Step {
  uses?: string;
  if?: unknown;
}

/** With this version act makes a copy of the repository instead of asking GitHub for it. */
const CHECKOUT = 'actions/checkout@v4';

/**
 * Says in older words what a workflow of 2026 says, so that act 0.2.89 understands it: `$/path`, a path in the
 * workflow's own repository, becomes `./path` (after a checkout, which `$/` does not need), and what concerns only
 * GitHub's server, and act refuses, goes: `environment.deployment`, `concurrency.queue` and
 * `cancel-timeout-minutes`.
 */
export function lower(text: string): string {
  const workflow: Workflow = parse(text);
  for (const job of Object.values(workflow.jobs)) {
    if (job.uses !== undefined) job.uses = local(job.uses);
    if (job.steps) job.steps = lowerSteps(job.steps);
    if (typeof job.environment === 'object') delete job.environment.deployment;
    if (typeof job.concurrency === 'object') delete job.concurrency.queue;
    delete job['cancel-timeout-minutes'];
  }
  return stringify(workflow);
}

function lowerSteps(steps: readonly Step[]): Step[] {
  const isOwn = (step: Step) => step.uses?.startsWith('$/') === true;
  const isCheckout = (step: Step) =>
    step.uses?.startsWith('actions/checkout@') === true && step.if === undefined;
  const firstOwn = steps.findIndex(isOwn);
  const lacksCheckout = firstOwn >= 0 && !steps.slice(0, firstOwn).some(isCheckout);
  const lowered = steps.map((step) => (step.uses === undefined ? step : { ...step, uses: local(step.uses) }));
  return lacksCheckout ? [{ uses: CHECKOUT }, ...lowered] : lowered;
}

const local = (uses: string) => uses.replace(/^\$\//, './');
