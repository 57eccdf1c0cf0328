import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateImageCommand,
  CreateTagsCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { type Attributes, isAttributes, readTemplate, TemplateError } from './template.ts';

/**
 * Stands in for Packer where there is none: makes the EC2 calls of an amazon-ebs build without a communicator and
 * prints Packer's machine-readable lines. It runs no provisioners, and says what it cannot do.
 */

/** Says in every log what it is. */
const VERSION = '1.14.2-stand-in';

const [command, ...args] = process.argv.slice(2);
try {
  process.exitCode = await main(command, args);
} catch (error) {
  print('ui', 'error', `Error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function main(name: string | undefined, options: readonly string[]): Promise<number> {
  switch (name) {
    case 'version':
    case '--version':
      console.log(`Packer v${VERSION}`);
      return 0;
    case 'init':
      return 0;
    case 'validate':
      load(options);
      print('ui', 'say', 'The configuration is valid.');
      return 0;
    case 'build':
      for (const source of load(options)) await build(source);
      return 0;
    default:
      console.error(`The stand-in for Packer has no command "${name}".`);
      return 127;
  }
}

function load(options: readonly string[]): { name: string; attributes: Attributes }[] {
  const given = new Map<string, string>();
  let path = '';
  for (let index = 0; index < options.length; index++) {
    const option = options[index] ?? '';
    if (option === '-var') assign(given, options[++index] ?? '');
    else if (option.startsWith('-var-file'))
      throw new TemplateError('The stand-in reads no variable files: install Packer.');
    else if (!option.startsWith('-')) path = option;
  }
  const { declared, sourcesWith } = readTemplate(templateText(path), path.endsWith('.json'));
  const variables = new Map<string, string>();
  for (const [name, otherwise] of declared) {
    const value = given.get(name) ?? process.env[`PKR_VAR_${name}`] ?? otherwise;
    if (value === undefined) throw new TemplateError(`Unset variable "${name}"`);
    variables.set(name, value);
  }
  const stranger = [...given.keys()].find((name) => !declared.has(name));
  if (stranger !== undefined)
    throw new TemplateError(
      `Undefined -var variable: A "${stranger}" variable was passed in the command line but was not found in known variables.`,
    );
  const sources = sourcesWith(variables);
  if (sources.length === 0)
    throw new TemplateError('The template has no amazon-ebs source, and the stand-in builds nothing else.');
  return sources;
}

function assign(variables: Map<string, string>, assignment: string): void {
  const at = assignment.indexOf('=');
  variables.set(assignment.slice(0, at), assignment.slice(at + 1));
}

function templateText(path: string): string {
  if (!statSync(path).isDirectory()) return readFileSync(path, 'utf8');
  const files = readdirSync(path).filter((name) => name.endsWith('.pkr.hcl'));
  return files.map((name) => readFileSync(join(path, name), 'utf8')).join('\n');
}

async function build({ name, attributes }: { name: string; attributes: Attributes }): Promise<void> {
  const text = (key: string) => (attributes[key] === undefined ? '' : String(attributes[key]));
  const region = text('region') || process.env.AWS_REGION || 'us-east-1';
  const endpoint = text('custom_endpoint_ec2');
  const ec2 = new EC2Client({ region, ...(endpoint === '' ? {} : { endpoint }) });
  const say = (message: string) => print('ui', 'say', `==> ${name}: ${message}`);

  say('Launching a source AWS instance...');
  const { Instances: [launched] = [] } = await ec2.send(
    new RunInstancesCommand({
      ImageId: text('source_ami'),
      InstanceType: text('instance_type') === 't3.micro' ? 't3.micro' : 't3.small',
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: [
        {
          ResourceType: 'instance',
          Tags: [{ Key: 'Name', Value: 'Packer Builder' }, ...tagsIn(attributes.run_tags)],
        },
      ],
    }),
  );
  const InstanceId = launched?.InstanceId ?? '';
  print('ui', 'message', `    ${name}: Instance ID: ${InstanceId}`);
  try {
    say(`Waiting for instance (${InstanceId}) to become ready...`);
    await until(async () => (await instanceState(ec2, InstanceId)) === 'running');
    say('Stopping the source instance...');
    await ec2.send(new StopInstancesCommand({ InstanceIds: [InstanceId] }));
    await until(async () => (await instanceState(ec2, InstanceId)) === 'stopped');
    say(`Creating AMI ${text('ami_name')} from instance ${InstanceId}`);
    const { ImageId = '' } = await ec2.send(new CreateImageCommand({ InstanceId, Name: text('ami_name') }));
    print('ui', 'message', `    ${name}: AMI: ${ImageId}`);
    say('Waiting for AMI to become ready...');
    await until(
      async () =>
        (await ec2.send(new DescribeImagesCommand({ ImageIds: [ImageId] }))).Images?.[0]?.State ===
        'available',
    );
    const { Images } = await ec2.send(new DescribeImagesCommand({ ImageIds: [ImageId] }));
    const snapshots = Images?.[0]?.BlockDeviceMappings?.flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []) ?? [];
    const Tags = tagsIn(attributes.tags);
    if (Tags.length > 0) {
      say(`Adding tags to AMI (${ImageId})...`);
      for (const { Key, Value } of Tags)
        print('ui', 'message', `    ${name}: Adding tag: "${Key}": "${Value}"`);
      await ec2.send(new CreateTagsCommand({ Resources: [ImageId, ...snapshots], Tags }));
    }
    print('artifact', '0', 'builder-id', 'mitchellh.amazonebs');
    print('artifact', '0', 'id', `${region}:${ImageId}`);
    print('artifact', '0', 'end');
  } finally {
    say('Terminating the source AWS instance...');
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
  }
}

function tagsIn(value: Attributes[string] | undefined): { Key: string; Value: string }[] {
  return isAttributes(value)
    ? Object.entries(value).map(([Key, content]) => ({ Key, Value: String(content) }))
    : [];
}

async function instanceState(ec2: EC2Client, id: string): Promise<string | undefined> {
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return Reservations?.[0]?.Instances?.[0]?.State?.Name;
}

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await sleep(100);
}

/** Packer's machine-readable form: time, target, type, data, with commas and line breaks escaped. */
function print(type: string, ...data: string[]): void {
  const escaped = data.map((item) => item.replaceAll(',', '%!(PACKER_COMMA)').replaceAll('\n', '\\n'));
  console.log([Math.floor(Date.now() / 1000), '', type, ...escaped].join(','));
}
