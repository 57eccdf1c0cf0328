import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAws } from '../../src/aws/clients.ts';
import { identityTags } from '../../src/tags.ts';
import { equip } from '../e2e/tools.ts';
import { actionNode, runStep } from '../runner/step.ts';
import { Sandbox } from '../sandbox.ts';
import { addGroup, addImage } from '../scene.ts';
import { reportBaking } from './baking/report.ts';
import { besideMoto } from './moto.ts';
import { reportPacker } from './packer.ts';
import { reportPromotion } from './promotion/report.ts';
import { reportPrune } from './prune/report.ts';
import { reportScale } from './scale/scale.ts';

/**
 * `npm run bench`: figures that hold on any machine, because they are ratios within one run, or counts; besides, the
 * sandbox at scale, in times of this machine.
 */

const RUNS = 21;
const IMAGES_BESIDE_MOTO = 500;
const REGION = 'us-east-1';
const APPLICATION = 'octo/shop';

const node = actionNode();
const folder = mkdtempSync(join(tmpdir(), 'bench-'));

console.log(
  `Start-up of dist/, as a multiple of \`node -e 0\` (${RUNS} runs of each in turn; minimum and median):`,
);
const starts = {
  'node -e 0': () => start(['-e', '0'], {}),
  'invalid mode': () => start(['dist/index.js'], { INPUT_MODE: 'nonsense' }),
  'idle post step': () => start(['dist/post.js'], {}),
};
const times = new Map(Object.keys(starts).map((name) => [name, [] as number[]]));
for (let run = 0; run < RUNS; run++) {
  for (const [name, once] of Object.entries(starts)) times.get(name)?.push(once());
}
const base = figures(times.get('node -e 0') ?? []);
for (const [name, measured] of times) {
  const { minimum, median } = figures(measured);
  console.log(
    `  ${name.padEnd(16)} ${(minimum / base.minimum).toFixed(2)} × (min), ${(median / base.median).toFixed(2)} × (median); ${minimum.toFixed(0)} ms at best here`,
  );
}

console.log('\nAWS calls:');
const promotion = await callsOfPromotion();
console.log(
  `  one promotion of one group: ${promotion.total - promotion.polling} and ${promotion.polling} looks at the refresh: ${list(promotion.byOperation)}`,
);
const prune = await callsOfPrune(100);
console.log(
  `  one prune that finds ${prune.images} images and removes ${prune.removed}: ${prune.total}: ${list(prune.byOperation)}`,
);

console.log('\nPromotion beside AWS’s own work (times on the sandbox’s clock where nothing else is said):');
await reportPromotion();

console.log('\nA bake beside Packer’s and AWS’s own work (real time here):');
await reportBaking();

console.log('\nFinding Packer, with a release site on loopback (median of times of this machine):');
await reportPacker();

console.log('\nPrune, at scale and with EC2’s token buckets:');
await reportPrune();

console.log('\nThe sandbox at scale (times are of this machine):');
await reportScale();

console.log(
  `\nThe sandbox beside moto, with ${IMAGES_BESIDE_MOTO} tagged images in each (the best of some calls):`,
);
await reportMoto();

/** moto is installed from the Python package index; without it, the report says so. */
async function reportMoto(): Promise<void> {
  const { tools, missing } = await equip(join(folder, 'tools'), ['moto']);
  if (!tools.moto) return console.log(`  not measured: ${missing.moto}`);
  for (const { call, sandbox, moto, times: ratio } of await besideMoto(tools.moto, IMAGES_BESIDE_MOTO))
    console.log(
      `  ${call}: moto takes ${ratio.toFixed(1)} × as long (${moto.toFixed(0)} ms, ${sandbox.toFixed(1)} ms)`,
    );
}

function start(args: readonly string[], env: Readonly<Record<string, string>>): number {
  const before = process.hrtime.bigint();
  spawnSync(node, args, { env: { ...env, PATH: process.env.PATH ?? '' }, stdio: 'ignore' });
  return Number(process.hrtime.bigint() - before) / 1e6;
}

function figures(values: readonly number[]): { minimum: number; median: number } {
  const sorted = values.toSorted((a, b) => a - b);
  return { minimum: sorted[0] ?? 0, median: sorted[Math.floor(sorted.length / 2)] ?? 0 };
}

/** The scene of both: the calls that the built action made in it, by operation. */
async function counted(
  scene: (sandbox: Sandbox, aws: ReturnType<typeof createAws>) => Promise<unknown>,
  inputs: Readonly<Record<string, string>>,
): Promise<{ total: number; byOperation: Map<string, number>; outputs: Record<string, string> }> {
  const now = Date.now();
  const sandbox = await Sandbox.start({ now: now - 400 * 24 * 3600 * 1000, timeScale: 0 });
  try {
    const credentials = {
      accessKeyId: 'bench',
      secretAccessKey: 'bench',
      sessionToken: 'bench',
      expiration: new Date(now + 3_600_000),
    };
    await scene(
      sandbox,
      createAws({ region: REGION, endpoint: sandbox.url, credentials: async () => credentials }),
    );
    sandbox.clock.set({ now: Date.now(), scale: 300 });
    sandbox.aws.calls.length = 0;
    const result = await runStep({
      inputs: { ...inputs, application: APPLICATION },
      folder: mkdtempSync(join(folder, 'step-')),
      env: {
        AWS_ACCESS_KEY_ID: 'bench',
        AWS_SECRET_ACCESS_KEY: 'bench',
        AWS_REGION: REGION,
        AWS_ENDPOINT_URL: sandbox.url,
        IMMUTABLE_DEPLOY_CLOCK: sandbox.clock.variable,
        GITHUB_REPOSITORY: APPLICATION,
        GITHUB_SHA: 'b'.repeat(40),
        GITHUB_RUN_ID: '1',
      },
    });
    if (result.exitCode !== 0) throw new Error(`The measured step failed:\n${result.log}`);
    const byOperation = new Map<string, number>();
    for (const { operation } of sandbox.aws.calls)
      byOperation.set(operation, (byOperation.get(operation) ?? 0) + 1);
    return { total: sandbox.aws.calls.length, byOperation, outputs: result.outputs };
  } finally {
    await sandbox.close();
  }
}

function identity(sandbox: Sandbox, commit: string, branch: string) {
  return {
    ...identityTags({
      application: APPLICATION,
      commit,
      branch,
      built: sandbox.clock.now(),
      run: 'https://github.com/octo/shop/actions/runs/1',
    }),
  };
}

async function callsOfPromotion() {
  const { total, byOperation } = await counted(
    async (sandbox, aws) => {
      const imageId = await addImage(sandbox, aws, 'shop-a', identity(sandbox, 'a'.repeat(40), 'main'));
      await addImage(sandbox, aws, 'shop-b', identity(sandbox, 'b'.repeat(40), 'main'));
      await addGroup(sandbox, aws, { name: 'web', imageId, size: 2 });
    },
    { mode: 'promote', environment: 'dev', 'auto-scaling-groups': 'web' },
  );
  // The first look at the refreshes is part of the preflight.
  const polling =
    (byOperation.get('DescribeInstanceRefreshes') ?? 1) -
    1 +
    (byOperation.get('DescribeScalingActivities') ?? 0);
  return { total, polling, byOperation };
}

async function callsOfPrune(images: number) {
  const { total, byOperation, outputs } = await counted(
    async (sandbox, aws) => {
      let imageId = '';
      for (let number = 0; number < images; number++) {
        imageId = await addImage(
          sandbox,
          aws,
          `image-${number}`,
          identity(sandbox, String(number).padStart(40, '0'), `branch-${number % 5}`),
        );
      }
      await addGroup(sandbox, aws, { name: 'web', imageId, size: 2 });
    },
    // The images were all made long ago: a branch is not to be stale for that.
    { mode: 'prune', 'dry-run': 'false', 'stale-days': '1000' },
  );
  return { total, byOperation, images, removed: JSON.parse(outputs['deleted-images'] ?? '[]').length };
}

function list(byOperation: ReadonlyMap<string, number>): string {
  return [...byOperation]
    .toSorted(([, a], [, b]) => b - a)
    .map(([operation, count]) => `${operation} ${count}`)
    .join(', ');
}
