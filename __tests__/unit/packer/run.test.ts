import { describe, expect, test } from '@jest/globals';
import { ConfigurationError, DeploymentError, messageOf } from '../../../src/errors.ts';
import type { TimedPhase } from '../../../src/packer/build-log.ts';
import type { BuiltImage, TemporaryResource } from '../../../src/packer/output.ts';
import {
  type PackerTemplate,
  packerBuild,
  packerInit,
  packerValidate,
  packerVersion,
} from '../../../src/packer/run.ts';
import type { ProcessRunner, RunOptions } from '../../../src/process.ts';
import { AMAZON_BUILD, SSH_TIMEOUT, UNSET_VARIABLE } from './captured.ts';
import { recordingLog } from './recording-log.ts';

interface Call extends RunOptions {
  command: string;
  args: readonly string[];
}

/** Packer's part of the play: says its lines and ends. */
function packerThatSays(lines: readonly string[], exitCode = 0, onSaid = (_line: string) => {}) {
  const calls: Call[] = [];
  const processes: ProcessRunner = {
    run: async (command, args, options) => {
      calls.push({ command, args, ...options });
      for (const line of lines) {
        options.onLine?.(line, 'stdout');
        onSaid(line);
      }
      return exitCode;
    },
  };
  return { processes, calls, log: recordingLog() };
}

function packerThatFails(error: unknown) {
  const processes: ProcessRunner = { run: () => Promise.reject(error) };
  return { processes, log: recordingLog() };
}

function template(overrides: Partial<PackerTemplate> = {}): PackerTemplate {
  return {
    executable: '/opt/packer',
    template: 'web.pkr.hcl',
    workingDirectory: '/repository',
    variables: {},
    variableFiles: [],
    env: { PATH: '/bin' },
    ...overrides,
  };
}

const notFound = Object.assign(new Error('spawn packer ENOENT'), { code: 'ENOENT' });

describe('version', () => {
  test('is what Packer prints, without the advertisement that follows', async () => {
    const packer = packerThatSays([
      'Packer v1.6.6',
      '',
      'Your version of Packer is out of date! The latest version',
    ]);
    await expect(packerVersion('packer', template(), packer)).resolves.toBe('1.6.6');
    expect(packer.calls).toMatchObject([{ command: 'packer', args: ['version'], cwd: '/repository' }]);
  });

  test('of a pre-release is whole', async () => {
    await expect(packerVersion('packer', template(), packerThatSays(['Packer v1.15.0-beta1']))).resolves.toBe(
      '1.15.0-beta1',
    );
  });

  test('of another program of that name is an error', async () => {
    const cracklib = packerThatSays(['0 0'], 255);
    await expect(packerVersion('packer', template(), cracklib)).rejects.toThrow(ConfigurationError);
    await expect(packerVersion('packer', template(), cracklib)).rejects.toThrow(/not HashiCorp's Packer/);
  });

  test('of a missing program is an error that names the fix', async () => {
    const missing = packerVersion('packer', template(), packerThatFails(notFound));
    await expect(missing).rejects.toThrow(ConfigurationError);
    await expect(missing).rejects.toThrow(/packer-version to a release/);
    await expect(missing).rejects.toHaveProperty('cause', notFound);
  });
});

describe('init', () => {
  test('installs the plugins that the template requires', async () => {
    const packer = packerThatSays(['1,,ui,say,Installed plugin github.com/hashicorp/amazon v1.8.2']);
    await packerInit(template({ variables: { region: 'eu-west-1' } }), packer);
    expect(packer.calls).toMatchObject([
      { command: '/opt/packer', args: ['init', '-machine-readable', 'web.pkr.hcl'], cwd: '/repository' },
    ]);
    expect(packer.log.entries).toEqual(['info: Installed plugin github.com/hashicorp/amazon v1.8.2']);
  });

  test('fails with the words of Packer, which can be read from the error', async () => {
    const packer = packerThatSays(['1,,ui,error,403 API rate limit of 60 still exceeded'], 1);
    const init = packerInit(template(), packer);
    await expect(init).rejects.toThrow(DeploymentError);
    await expect(init).rejects.toThrow(/`packer init web.pkr.hcl` failed.*rate limit.*github-token/s);
    await expect(init).rejects.toMatchObject({ lines: ['403 API rate limit of 60 still exceeded'] });
  });
});

describe('validate', () => {
  test('has no -color, which Packer 1.6 does not know there', async () => {
    const packer = packerThatSays([]);
    await packerValidate(template(), packer);
    expect(packer.calls[0]?.args).toEqual(['validate', '-machine-readable', 'web.pkr.hcl']);
  });

  test('fails with the words of Packer', async () => {
    const validate = packerValidate(template(), packerThatSays(UNSET_VARIABLE, 1));
    await expect(validate).rejects.toThrow(/Unset variable "region".*variable-files/s);
  });
});

describe('a mistake in the template', () => {
  const mistake = String.raw`1795284748,,ui,error,Error: Unsupported argument\n\n  on app.pkr.hcl line 2:\n  (source code not available)\n\nAn argument named "nonsense" is not expected here.\n\n`;

  test.each([
    [{ GITHUB_WORKSPACE: '/repository' }, 'images/app.pkr.hcl'],
    [{}, 'app.pkr.hcl'],
  ])('is an annotation at its place in the workspace, with %p', async (env, file) => {
    const packer = packerThatSays([mistake], 1);
    const places: unknown[] = [];
    packer.log.error = (...said) => void places.push(said);
    const validate = packerValidate(template({ workingDirectory: '/repository/images', env }), packer);
    await expect(validate).rejects.toThrow('Correct the template at the place that is named above.');
    expect(places).toEqual([
      [
        'Unsupported argument\nAn argument named "nonsense" is not expected here.',
        'packer',
        { file, line: 2 },
      ],
    ]);
  });
});

describe('build', () => {
  test('gets variable files, then variables, and the template last', async () => {
    const packer = packerThatSays([]);
    const inputs = template({
      template: 'image',
      variableFiles: ['common.pkrvars.hcl', 'web.pkrvars.hcl'],
      variables: { region: 'eu-west-1', motd: 'a=b, "c"' },
      only: ['amazon-ebs.web', 'amazon-ebs.db'],
      except: ['manifest'],
    });
    await packerBuild(inputs, {}, packer);
    expect(packer.calls[0]?.args).toEqual([
      'build',
      '-machine-readable',
      '-color=false',
      '-only=amazon-ebs.web,amazon-ebs.db',
      '-except=manifest',
      '-var-file=common.pkrvars.hcl',
      '-var-file=web.pkrvars.hcl',
      '-var',
      'region=eu-west-1',
      '-var',
      'motd=a=b, "c"',
      'image',
    ]);
  });

  test("has the caller's environment and no look for news of HashiCorp", async () => {
    const packer = packerThatSays([]);
    await packerBuild(template(), {}, packer);
    expect(packer.calls[0]?.env).toEqual({ PATH: '/bin', CHECKPOINT_DISABLE: '1' });
    await packerBuild(template({ env: { CHECKPOINT_DISABLE: '' } }), {}, packer);
    expect(packer.calls[1]?.env).toEqual({ CHECKPOINT_DISABLE: '' });
  });

  test('is told on, with everything that is for people', async () => {
    const packer = packerThatSays(AMAZON_BUILD);
    await packerBuild(template(), {}, packer);
    const said = packer.log.entries.filter((entry) => entry.startsWith('info: '));
    expect(said).toHaveLength(19);
    expect(said[1]).toBe('info:     amazon-ebs.web: Found Image ID: ami-03cf127a');
  });

  test('returns the AMIs', async () => {
    await expect(packerBuild(template(), {}, packerThatSays(AMAZON_BUILD))).resolves.toEqual([
      { build: 'amazon-ebs.web', region: 'eu-west-1', amiId: 'ami-3fa4514990d8c83d9' },
      { build: 'amazon-ebs.web', region: 'us-east-1', amiId: 'ami-42be7fc1acb7634b2' },
    ]);
  });

  test('tells about an AMI and about temporary resources at the line that has them', async () => {
    const events: string[] = [];
    const packer = packerThatSays(AMAZON_BUILD, 0, (line) => events.push(line));
    const onArtifact = ({ region, amiId }: BuiltImage) => events.push(`artifact ${region} ${amiId}`);
    const onTemporaryResource = ({ kind, id }: TemporaryResource) => events.push(`resource ${kind} ${id}`);
    await packerBuild(template(), { onArtifact, onTemporaryResource }, packer);

    const afterInstance = events[events.indexOf('resource instance i-fa41aa06d1ebd019f') + 1];
    expect(afterInstance).toMatch(/Instance ID: i-fa41aa06d1ebd019f$/);
    const artifact = events.indexOf('artifact eu-west-1 ami-3fa4514990d8c83d9');
    expect(events[artifact + 1]).toBe('artifact us-east-1 ami-42be7fc1acb7634b2');
    expect(events[artifact + 2]).toMatch(/,artifact,0,id,/);
    expect(events.filter((event) => event.startsWith('artifact'))).toHaveLength(2);
  });

  test('that fails ends in its last errors and what to look at', async () => {
    const message = await packerBuild(template(), {}, packerThatSays(SSH_TIMEOUT, 1)).catch((error) => {
      expect(error).toBeInstanceOf(DeploymentError);
      return messageOf(error);
    });
    expect(String(message).split('\n')).toEqual([
      '`packer build web.pkr.hcl` failed with exit code 1:',
      '  ==> amazon-ebs.web: Timeout waiting for SSH.',
      "  Build 'amazon-ebs.web' errored after 4 seconds 243 milliseconds: Timeout waiting for SSH.",
      expect.stringMatching(/could not log in to the builder instance.*Session Manager/),
    ]);
  });

  test('that fails is an annotation for each build, with the last lines of the phase where it failed', async () => {
    const packer = packerThatSays(
      [
        ...['==> web: Provisioning with shell script: install.sh', '    web: trying', '==> web: E: no nginx'],
        ...['==> web: Terminating the source AWS instance...', '==> web: Cleaning up any extra volumes...'],
      ]
        .map((text) => `1,,ui,say,${text}`)
        .concat('1,web,error,Script exited with non-zero exit status: 3'),
      1,
    );
    await expect(packerBuild(template(), {}, packer)).rejects.toThrow('exit status: 3');
    expect(packer.log.entries.filter((entry) => entry.startsWith('error'))).toEqual([
      [
        'error: Script exited with non-zero exit status: 3',
        'Provisioning with shell script: install.sh',
        'trying',
        'E: no nginx',
      ].join('\n'),
    ]);
  });

  test('ends its section and tells where the time went, also when it was cancelled', async () => {
    const packer = packerThatSays(AMAZON_BUILD.slice(0, 6));
    const titles: string[] = [];
    const onPhases = (phases: readonly TimedPhase[]) => void titles.push(...phases.map(({ title }) => title));
    const processes: ProcessRunner = {
      run: async (...given) => {
        await packer.processes.run(...given);
        throw new Error('cancelled');
      },
    };
    await expect(packerBuild(template(), { onPhases }, { ...packer, processes })).rejects.toThrow(
      'cancelled',
    );
    expect(titles).toEqual(['Launch the builder instance']);
    expect(packer.log.entries.at(-1)).toBe('/= amazon-ebs.web: Launch the builder instance');
  });

  test('is kept as a whole in the file', async () => {
    const written: string[] = [];
    const file = { path: 'packer.log', write: (text: string) => void written.push(text) };
    await packerBuild(template(), {}, { ...packerThatSays(AMAZON_BUILD), file });
    expect(written[0]).toBe('packer build web.pkr.hcl');
    expect(written).toContain('==> amazon-ebs.web: Launching a source AWS instance...');
    expect(written.at(-1)).toBe('packer build ended with exit code 0');
  });

  test('that fails without a word still says something', async () => {
    const build = packerBuild(template(), {}, packerThatSays([], 137));
    await expect(build).rejects.toThrow(/exit code 137:\n {2}\(Packer printed no error\)\n.*PACKER_LOG/);
  });

  test('that fails has told about the AMI that another build made', async () => {
    const images: BuiltImage[] = [];
    const packer = packerThatSays([...SSH_TIMEOUT, '1,amazon-ebs.db,artifact,0,id,eu-west-1:ami-1'], 1);
    await expect(
      packerBuild(template(), { onArtifact: (image) => images.push(image) }, packer),
    ).rejects.toThrow();
    expect(images).toEqual([{ build: 'amazon-ebs.db', region: 'eu-west-1', amiId: 'ami-1' }]);
  });

  test('never prints the value of a variable', async () => {
    const variables = { password: 'hunter2' };
    const packer = packerThatSays(SSH_TIMEOUT, 1);
    const message = await packerBuild(template({ variables }), {}, packer).catch(messageOf);
    expect(message).toContain('failed');
    expect(`${message}${packer.log.entries.join()}`).not.toContain('hunter2');
  });

  test('passes the signal on, and its reason back', async () => {
    const { signal } = new AbortController();
    const packer = packerThatSays([]);
    await packerBuild(template(), {}, { ...packer, signal });
    expect(packer.calls[0]?.signal).toBe(signal);

    const reason = new Error('cancelled');
    await expect(packerBuild(template(), {}, packerThatFails(reason))).rejects.toBe(reason);
  });

  test('with a program that may not be run is a mistake of the user, too', async () => {
    const denied = Object.assign(new Error('spawn packer EACCES'), { code: 'EACCES' });
    await expect(packerBuild(template(), {}, packerThatFails(denied))).rejects.toThrow(ConfigurationError);
  });

  test('in a folder that does not exist names the folder', async () => {
    const build = packerBuild(template(), {}, packerThatFails(notFound));
    await expect(build).rejects.toThrow(
      /"\/opt\/packer" in \/repository\. Check that the working-directory exists/,
    );
  });
});
