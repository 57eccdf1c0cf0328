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

  test('of two builds of a real Packer has sections of one build each, with all phases of both', () => {
    const { entries, buildLog, output } = recorded(SEVERAL_BUILDS);
    const connected = entries.indexOf('== amazon-ebs.blue: Connect to it: 0.0 s');
    expect(entries.slice(connected, connected + 5)).toEqual([
      '== amazon-ebs.blue: Connect to it: 0.0 s',
      'info: ==> amazon-ebs.blue: Using ssh communicator to connect: 127.0.0.1',
      'info: ==> amazon-ebs.blue: Waiting for SSH to become available...',
      'info: ==> amazon-ebs.blue: Connected to SSH!',
      '/= amazon-ebs.blue: Connect to it: 0.0 s',
    ]);
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

  test('of several builds has a section for each phase of each, when it is over', () => {
    const { entries, buildLog } = printed([
      '==> amd: Launching a source AWS instance...',
      '==> arm: Launching a source AWS instance...',
      '    amd: Instance ID: i-1',
      '==> amd: Provisioning with shell script: a.sh',
      "Build 'amd' finished after 4 seconds.",
      '    arm: Instance ID: i-2',
      '==> Wait completed after 6 seconds',
    ]);
    expect(entries).toEqual([
      '== amd: Launch the builder instance',
      'info: ==> amd: Launching a source AWS instance...',
      '/= amd: Launch the builder instance',
      // From here on there are two.
      '== amd: Launch the builder instance: 3.0 s',
      'info:     amd: Instance ID: i-1',
      '/= amd: Launch the builder instance: 3.0 s',
      '== amd: Provision: shell a.sh: 1.0 s',
      'info: ==> amd: Provisioning with shell script: a.sh',
      '/= amd: Provision: shell a.sh: 1.0 s',
      "info: Build 'amd' finished after 4 seconds.",
      '== arm: Launch the builder instance: 5.0 s',
      'info: ==> arm: Launching a source AWS instance...',
      'info:     arm: Instance ID: i-2',
      '/= arm: Launch the builder instance: 5.0 s',
      'info: ==> Wait completed after 6 seconds',
    ]);
    expect(buildLog.phases).toHaveLength(3);
  });

  test('of several builds holds nothing back for long', () => {
    const { groups } = printed([
      '==> amd: Provisioning with shell script: a.sh',
      '==> arm: Provisioning with shell script: a.sh',
      ...Array.from({ length: 40 }, (_, second) => `    amd: second ${second}`),
    ]);
    expect(groups.filter((entry) => entry === '== amd: Provision: shell a.sh')).toHaveLength(3);
    expect(groups.at(-1)).toBe('/= arm: Provision: shell a.sh: 41.0 s');
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

  test('keeps no more of a failure than an annotation shows', () => {
    const endless = Array.from({ length: 40 }, () => `    web: ${'x'.repeat(10_000)}`);
    const { buildLog } = printed(['==> web: Provisioning with shell script: install.sh', ...endless]);
    expect(buildLog.failureOf('web')?.lines.join('\n').length).toBeLessThan(4000);
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
        const said = entries.flatMap((entry) => (entry.startsWith('info: ') ? [entry.slice(6)] : []));
        expect(said.toSorted()).toEqual(lines.toSorted());
        for (const build of ['a', 'b']) {
          const own = (text: string) => text.includes(` ${build}: `);
          expect(said.filter(own)).toEqual(lines.filter(own));
        }
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
