import { describe, expect, test } from '@jest/globals';
import { adviceFor } from '../../../src/packer/advice.ts';

describe('advice', () => {
  test.each([
    ['==> amazon-ebs.web: Timeout waiting for SSH.', 'ssh_interface'],
    ['RequestExpired: Request has expired.', 'role-duration-seconds'],
    ['NoCredentialProviders: no valid providers in chain. Deprecated.', 'role-to-assume'],
    ['Error launching source instance: UnauthorizedOperation: You are not authorized', 'bake role'],
    ['Error launching source instance: a valid Subnet Id was not specified', 'subnet_id'],
    ["Error querying AMI: InvalidAMIID.NotFound: The image id '[ami-00000000]' does not exist", 'base-image'],
    ["Error: AMI Name: 'web' is used by an existing AMI: ami-1", '{{timestamp}}'],
    ['InvalidAMIName.Duplicate: AMI name web is already in use by AMI ami-1', 'force_deregister'],
    ['InsufficientInstanceCapacity: We currently do not have sufficient capacity', 'instance_type'],
    ['Error: Unset variable "region"', 'variable-files'],
    ['Error: Undefined -var variable', 'variable-files'],
    ['403 API rate limit of 60 still exceeded', 'github-token'],
    ['Error: Missing plugins', 'required_plugins'],
    ['The configuration file "none.hcl" could not be read.', 'working-directory'],
    ['Error: Argument or block definition required', 'Correct the template'],
    ["Build 'x' errored: Script exited with non-zero exit status: 3.", 'provisioner'],
  ])('for %p names %s', (line, fix) => {
    expect(adviceFor(['something before', line, 'something after'])).toContain(fix);
  });

  test('for an expired token is not about permissions, even when both are named', () => {
    const line = 'ExpiredToken: not authorized: The security token included in the request is expired';
    expect(adviceFor([line, 'AccessDenied'])).toContain('role-duration-seconds');
  });

  test.each([[[]], [['something new']]])('for %j is to look at the log', (lines) => {
    expect(adviceFor(lines)).toContain('PACKER_LOG=1');
  });
});
