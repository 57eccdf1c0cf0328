import {
  CreateImageCommand,
  DescribeImagesCommand,
  DescribeVpcsCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { startMoto } from '../e2e/moto/server.ts';
import { startSandbox } from '../e2e/sandbox-process.ts';
import type { Tool } from '../e2e/tools.ts';
import { PUBLIC_IMAGE_PARAMETER } from '../engine/world.ts';

/** How long one call takes at best, in milliseconds, and how many times as long in moto. */
export interface Ratio {
  call: string;
  sandbox: number;
  moto: number;
  times: number;
}

/**
 * The local AWS beside moto in processes of their own, each with the same tagged images, which are made by
 * calls. Only ratios mean something on another machine. The python is one with moto.
 */
export async function besideMoto(python: Tool, images: number): Promise<Ratio[]> {
  const ours = await measured(startSandbox(1), images);
  const theirs = await measured(startMoto(python), images);
  return [...ours].map(([call, sandbox]) => {
    const moto = theirs.get(call) ?? Number.NaN;
    return { call, sandbox, moto, times: moto / sandbox };
  });
}

/** Each finds one thing: among all images, and among hardly anything. */
const CALLS: Readonly<Record<string, (client: EC2Client) => Promise<unknown>>> = {
  'one image by its tag': (client) =>
    client.send(
      new DescribeImagesCommand({
        Owners: ['self'],
        Filters: [{ Name: 'tag:commit', Values: ['commit-7'] }],
      }),
    ),
  'the default VPC': (client) =>
    client.send(new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] })),
};

const RUNS = 5;

async function measured(
  starting: Promise<{ url: string; stop(): Promise<void> }>,
  images: number,
): Promise<Map<string, number>> {
  const server = await starting;
  try {
    const client = new EC2Client(access(server.url));
    await makeImages(server.url, client, images);
    const times = new Map<string, number>();
    for (const [name, call] of Object.entries(CALLS)) times.set(name, await best(() => call(client)));
    return times;
  } finally {
    await server.stop();
  }
}

/** From one instance, so that each has a snapshot. */
async function makeImages(url: string, client: EC2Client, images: number): Promise<void> {
  const ssm = new SSMClient(access(url));
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: PUBLIC_IMAGE_PARAMETER }));
  const { Instances } = await client.send(
    new RunInstancesCommand({
      ImageId: Parameter?.Value,
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
    }),
  );
  const InstanceId = Instances?.[0]?.InstanceId;
  for (let number = 0; number < images; number++) {
    const Tags = ['application', 'branch', 'commit', 'built', 'run'].map((Key) => ({
      Key,
      Value: `${Key}-${number}`,
    }));
    const TagSpecifications = [{ ResourceType: 'image' as const, Tags }];
    await client.send(new CreateImageCommand({ InstanceId, Name: `image-${number}`, TagSpecifications }));
  }
}

const access = (endpoint: string) => ({
  region: 'us-east-1',
  endpoint,
  credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
});

/** The shortest time of a few; the first ones warm up. */
async function best(once: () => Promise<unknown>): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run++) {
    const before = performance.now();
    await once();
    shortest = Math.min(shortest, performance.now() - before);
  }
  return shortest;
}
