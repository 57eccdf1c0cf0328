/** What people have to change when Packer fails in one of the usual ways; the first that matches is given. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /Timeout waiting for (SSH|WinRM)/i,
    'The machine that runs Packer could not log in to the builder instance. Check that its subnet can be ' +
      'reached (route, public IP address, security group, ssh_username), or let Packer connect through ' +
      'Session Manager (ssh_interface = "session_manager").',
  ],
  [
    /ExpiredToken|RequestExpired|security token included in the request is expired/i,
    'The credentials ended before the build did. Raise role-duration-seconds (and the maximum session ' +
      'duration of the role), or make the build faster.',
  ],
  [
    /NoCredentialProviders|No valid credential sources|failed to refresh cached credentials|InvalidClientTokenId|AuthFailure/i,
    'Packer has no credentials that AWS accepts. Set role-to-assume, and remove access_key, secret_key and ' +
      'profile from the template.',
  ],
  [
    /UnauthorizedOperation|AccessDenied|is not authorized to perform/i,
    'The role lacks a permission. Add the action that AWS names above to the policy of the bake role.',
  ],
  [
    /VPCIdNotSpecified|No default VPC|valid Subnet Id was not specified/i,
    'The account has no default VPC in this Region. Set vpc_id and subnet_id in the template.',
  ],
  [
    /InvalidAMIID\.|No AMI was found matching filters/i,
    'The base image does not exist in this Region, or its owner does not share it with this account. Check ' +
      'source_ami or source_ami_filter, or the input base-image.',
  ],
  [
    /is used by an existing AMI|InvalidAMIName\.Duplicate|AMI name .* is already in use/i,
    'AMI names are unique in an account and Region, and this one was built before. Put the commit and a ' +
      'timestamp into ami_name ({{timestamp}} in JSON and HCL2, or formatdate("YYYYMMDDhhmmss", timestamp())). ' +
      'force_deregister = true in the template would remove the old image instead, even where instances use it.',
  ],
  [
    /InsufficientInstanceCapacity|InstanceLimitExceeded|VcpuLimitExceeded/i,
    'AWS has no room for the builder instance now. Try again, or choose another instance_type or subnet_id.',
  ],
  [
    /Unset variable|Undefined -var variable|undeclared variable|required variable not set|Undeclared/i,
    'Check the inputs `variables` and `variable-files` against the variables that the template declares.',
  ],
  [
    /rate limit/i,
    "GitHub's rate limit was hit while plugins were looked up. Set the input github-token, or cache the " +
      'folder that PACKER_PLUGIN_PATH names.',
  ],
  [
    /Missing plugins|missing plugin|plugin .*not (found|installed)|unknown (source|builder|provisioner|data source) type|Unknown .* type/i,
    'A plugin is missing. Name it in a required_plugins block (HCL2), or install it in an earlier step ' +
      'with `packer plugins install`.',
  ],
  [
    /Argument or block definition|Unsupported (argument|block type)|Invalid expression|Missing required argument|Error parsing JSON/i,
    'Correct the template at the place that is named above.',
  ],
  [
    /no such file or directory|Could not find any config file|could not be read/i,
    'Check the inputs `template`, `variable-files` and `working-directory`: paths start at the latter.',
  ],
  [
    /exited with non-zero|Error executing Ansible|non-zero exit status/i,
    'A provisioner failed. Its own output is in the log above.',
  ],
];

/** The sentence that tells the user where to look, for the errors that Packer printed. */
export function adviceFor(errorLines: readonly string[]): string {
  const text = errorLines.join('\n');
  const known = ADVICE.find(([pattern]) => pattern.test(text));
  return (
    known?.[1] ?? 'The log above has all that Packer said; PACKER_LOG=1 in the environment makes it say more.'
  );
}
