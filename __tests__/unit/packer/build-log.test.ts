import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BuildLog } from '../../../src/packer/build-log.ts';
import { PackerOutput } from '../../../src/packer/output.ts';
import { Phases } from '../../../src/packer/phases.ts';
import { AMAZON_BUILD, PROVISIONED_BUILD, SEVERAL_BUILDS, SSH_TIMEOUT } from './captured.ts';
import { recordingLog } from './recording-log.ts';

/** Prints lines, one each second. */
function printed(lines: readonly string[]) {
  const log = recordingLog();
  let now = 0;
  const buildLog = new BuildLog(log, () => now);
  for (const line of lines) {
    buildLog.print(line, line.startsWith('    ') ? 'message' : 'say');
    now += 1000;
  }
  buildLog.end();
  return { buildLog, entries: log.entries, groups: log.entries.filter((entry) => /^[=/]= /.test(entry)) };
}

function textOf(lines: readonly string[]): string[] {
  const output = new PackerOutput();
  return lines.flatMap((line) => output.read(line).text ?? []);
}

/** What is made of Packer's machine-readable lines. */
function recorded(lines: readonly string[]) {
  const log = recordingLog();
  const output = new PackerOutput();
  const buildLog = new BuildLog(log, () => 0);
  for (const line of lines) {
    const { text, level } = output.read(line);
    if (text) buildLog.print(text, level);
  }
  buildLog.end();
  const titles = log.entries.flatMap((entry) => /^== (.*)/.exec(entry)?.[1] ?? []);
  return { output, buildLog, titles, entries: log.entries };
}

/** What Packer with version 0.6.3 and later of its SDK prints instead. */
function asNewer(line: string): string {
  return line.replace(/,ui,message, {4}/, ',ui,say,==> ').replaceAll('\\n    ', '\\n==> ');
}

describe('the log of a build', () => {
  test('is one section a phase, each ended before the next one begins', () => {
    expect(printed(textOf(AMAZON_BUILD)).groups).toEqual([
      '== amazon-ebs.web: Launch the builder instance',
      '/= amazon-ebs.web: Launch the builder instance',
      '== amazon-ebs.web: Make the image',
      '/= amazon-ebs.web: Make the image',
      '== amazon-ebs.web: Copy it to other Regions',
      '/= amazon-ebs.web: Copy it to other Regions',
      '== amazon-ebs.web: Tag and share it',
      '/= amazon-ebs.web: Tag and share it',
      '== amazon-ebs.web: Clean up',
      '/= amazon-ebs.web: Clean up',
    ]);
  });

  test.each([
    ['Packer 1.6', PROVISIONED_BUILD],
    ['newer releases, in which programs speak like Packer', PROVISIONED_BUILD.map(asNewer)],
  ])('names the provisioners and post-processors of %s', (_releases, lines) => {
    expect(recorded(lines).titles.map((title) => title.replace('amazon-ebs.shop: ', ''))).toEqual([
      'Launch the builder instance',
      'Connect to it',
      'Provision: file shop.conf',
      'Provision: shell',
      'Provision: ansible',
      'Provision: shell finish.sh',
      'Make the image',
      'Clean up',
      'Post-process: shell-local',
    ]);
  });

  test('of two builds of a real Packer has one section, and all phases of both', () => {
    const { titles, buildLog, output } = recorded(SEVERAL_BUILDS);
    expect(titles).toEqual(['amazon-ebs.green: Launch the builder instance', 'Several builds side by side']);
    const phasesOf = (name: string) =>
      buildLog.phases.flatMap(({ build, title }) => (build === name ? [title] : []));
    const common = ['Launch the builder instance', 'Connect to it', 'Provision: shell', 'Make the image'];
    expect(phasesOf('amazon-ebs.green')).toEqual([...common, 'Clean up']);
    expect(phasesOf('amazon-ebs.blue')).toEqual([...common, 'Copy it to other Regions', 'Clean up']);
    expect(output.images.map(({ region, amiId }) => `${region} ${amiId}`)).toEqual([
      'us-east-1 ami-0ba7e97a12f21baa6',
      'eu-west-1 ami-0a9292bbae2191df9',
      'us-east-1 ami-0903b2aad4c38672a',
    ]);
  });

  test('has all that was printed, in order, and the result outside of the sections', () => {
    const lines = textOf(AMAZON_BUILD);
    const { entries } = printed(lines);
    expect(entries.filter((entry) => entry.startsWith('info: '))).toEqual(
      lines.map((line) => `info: ${line}`),
    );
    expect(entries.at(-1)).toMatch(/^info: --> amazon-ebs\.web: AMIs were created/);
    expect(entries.findLastIndex((entry) => entry.startsWith('/= '))).toBe(
      entries.findIndex((entry) => entry.includes("Build 'amazon-ebs.web' finished")) - 1,
    );
  });

  test('tells how long each phase took', () => {
    const { buildLog } = printed([
      '==> web: Launching a source AWS instance...',
      '==> web: Using ssh communicator to connect: 10.0.0.1',
      '==> web: Waiting for SSH to become available...',
      '==> web: Connected to SSH!',
      '==> web: Provisioning with shell script: scripts/install.sh',
      '    web: done',
      '==> web: Provisioning with Ansible...',
      '==> web: Stopping the source instance...',
    ]);
    expect(buildLog.phases.map(({ title, ms }) => [title, ms])).toEqual([
      ['Launch the builder instance', 1000],
      ['Connect to it', 3000],
      ['Provision: shell scripts/install.sh', 2000],
      ['Provision: ansible', 1000],
      ['Make the image', 1000],
    ]);
  });

  test('of several builds has one section for all, and the times of each', () => {
    const { groups, buildLog } = printed([
      '==> amd: Launching a source AWS instance...',
      '==> arm: Launching a source AWS instance...',
      '==> amd: Provisioning with shell script: a.sh',
      "Build 'amd' finished after 3 seconds.",
      '==> arm: Provisioning with shell script: a.sh',
      '==> Wait completed after 5 seconds',
    ]);
    expect(groups).toEqual([
      '== amd: Launch the builder instance',
      '/= amd: Launch the builder instance',
      '== Several builds side by side',
      '/= Several builds side by side',
    ]);
    expect(buildLog.phases.map(({ build, title }) => `${build} ${title}`).toSorted()).toEqual([
      'amd Launch the builder instance',
      'amd Provision: shell a.sh',
      'arm Launch the builder instance',
      'arm Provision: shell a.sh',
    ]);
  });

  test('knows where a build failed: the phase before the clean-up, and its last lines', () => {
    const output = Array.from({ length: 40 }, (_, line) => `    web: line ${line}`);
    const { buildLog } = printed([
      '==> web: Provisioning with shell script: install.sh',
      ...output,
      '==> web: Provisioning step had errors: Running the cleanup provisioner, if present...',
      '==> web: Terminating the source AWS instance...',
    ]);
    expect(buildLog.failureOf('web')).toMatchObject({
      title: 'Provision: shell install.sh',
      lines: Array.from({ length: 15 }, (_, line) => `line ${line + 25}`),
    });
    expect(printed(textOf(SSH_TIMEOUT)).buildLog.failureOf('amazon-ebs.web')).toMatchObject({
      title: 'Connect to it',
    });
  });

  test('counts what a post-processor says to its build', () => {
    const { groups } = printed([
      '==> web: Terminating the source AWS instance...',
      '==> web: Running post-processor: shell-local',
      '==> web (shell-local): Running local shell script: /tmp/packer-shell1',
      '    web (shell-local): done',
      "Build 'web' finished.",
    ]);
    expect(groups).toEqual([
      '== web: Clean up',
      '/= web: Clean up',
      '== web: Post-process: shell-local',
      '/= web: Post-process: shell-local',
    ]);
  });

  test('is not led on by what a provisioner prints', () => {
    const log = recordingLog();
    const buildLog = new BuildLog(log, () => 0);
    buildLog.print('==> web: Provisioning with shell script: a.sh', 'say');
    buildLog.print('==> web: Cleaning up any extra volumes...', 'error');
    expect(log.entries.filter((entry) => entry.startsWith('== '))).toEqual(['== web: Provision: shell a.sh']);
  });

  test('gives the runner no command that a provisioner printed', () => {
    const { entries } = printed(['    web: {"error": "\n::stop-commands::x"}']);
    expect(entries).toEqual(['info:     web: {"error": "\n    web: ::stop-commands::x"}']);
  });

  test('without phases, as of packer validate, is plain', () => {
    expect(printed(['The configuration is valid.']).entries).toEqual(['info: The configuration is valid.']);
  });

  test('is balanced and complete whatever is printed', () => {
    const sentence = fc.constantFrom(
      'Launching a source AWS instance...',
      'Waiting for SSH to become available...',
      'Provisioning with shell script: a.sh',
      'Stopping the source instance...',
      'Terminating the source AWS instance...',
      'anything',
    );
    const line = fc.oneof(
      fc.tuple(fc.constantFrom('==> a: ', '==> b: ', '    a: ', ''), sentence).map((parts) => parts.join('')),
      fc.constantFrom("Build 'a' finished.", '==> Wait completed after 1 second', '==> Builds finished.'),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const { entries, groups } = printed(lines);
        // Sections cannot be nested: each one ends before the next begins.
        expect(groups.every((entry, index) => entry.startsWith(index % 2 === 0 ? '== ' : '/= '))).toBe(true);
        expect(groups.length % 2).toBe(0);
        for (const text of lines) expect(entries).toContain(`info: ${text}`);
      }),
    );
  });
});

describe('a phase', () => {
  test('never leads back: a provisioner may print what it likes', () => {
    const phases = new Phases();
    phases.read('==> web: Provisioning with shell script: a.sh');
    expect(phases.read('==> web: Launching a source AWS instance...')).toBeUndefined();
    expect(phases.read('==> web: Waiting for SSH to become available...')).toBeUndefined();
  });

  test.each([
    'Connecting to the database',
    'Creating AMI-like things',
    'Creating temporary files',
    'Deleting temporary files',
    'Uploading 3 files to the registry',
    'Stopping the source instances of evil',
    'Running post-processors over the CSS',
  ])('does not begin with %p of a provisioner', (sentence) => {
    expect(new Phases().read(`==> web: ${sentence}`)).toBeUndefined();
  });

  test.each([
    ['Provisioning with shell script: /tmp/packer-shell123456', 'Provision: shell'],
    ['Provisioning with powershell script: a.ps1', 'Provision: powershell a.ps1'],
    ['Uploading app.tar.gz => /tmp/app.tar.gz', 'Provision: file app.tar.gz'],
    ['Running local shell script: /tmp/packer-shell1', 'Provision: shell-local'],
    ['Executing Ansible: ansible-playbook -i /tmp/inventory play.yml', 'Provision: ansible'],
    ['Running post-processor: manifest', 'Post-process: manifest'],
    ['Running post-processor:  (type shell-local)', 'Post-process: shell-local'],
    ['Running post-processor: tell (type manifest)', 'Post-process: manifest'],
  ])('that begins with %p is called %p', (sentence, title) => {
    expect(new Phases().read(`==> web: ${sentence}`)).toEqual({ build: 'web', title });
  });
});
