import { Sandbox } from '../../sandbox.ts';
import { parseSeed } from '../../seed/parse.ts';
import { plant } from '../../seed/plant.ts';

/** A process of its own with the sandbox at scale; it says its address, and its memory when it is asked. */

export const SIZES = { images: 10_000, templates: 50, versionsEach: 100, groups: 100, instancesEach: 20 };

const pad = (number: number) => String(number).padStart(5, '0');
const list = <T>(length: number, item: (index: number) => T) =>
  Array.from({ length }, (_, index) => item(index));

/** Made by a seed, that is through the services' own operations. */
const seed = {
  images: list(SIZES.images, (index) => ({
    name: `shop-${pad(index)}`,
    tags: {
      'immutable-deploy:application': index % 100 === 0 ? 'octo/rare' : 'octo/shop',
      'immutable-deploy:commit': pad(index).padStart(40, 'a'),
      'immutable-deploy:branch': `branch-${index % 7}`,
      'immutable-deploy:built': '2026-01-01T00:00:00.000Z',
      Name: 'shop',
    },
  })),
  launchTemplates: list(SIZES.templates, (index) => ({
    name: `template-${pad(index)}`,
    versions: list(SIZES.versionsEach, (version) => ({
      image: `shop-${pad((index * SIZES.versionsEach + version) % SIZES.images)}`,
      InstanceType: 't3.micro',
      MetadataOptions: { HttpTokens: 'required' },
    })),
  })),
  groups: list(SIZES.groups, (index) => ({
    name: `group-${pad(index)}`,
    size: SIZES.instancesEach,
    launchTemplate: `template-${pad(index % SIZES.templates)}`,
  })),
};

if (process.send) {
  const started = performance.now();
  const sandbox = await Sandbox.start({ timeScale: 0 });
  plant(sandbox, parseSeed(JSON.stringify(seed)));
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ rss: process.memoryUsage.rss(), cpuSeconds: (user + system) / 1e6 });
  });
  process.on('disconnect', () => process.exit());
  process.send({ url: sandbox.url, seconds: (performance.now() - started) / 1000 });
}
