/** Standard output of Packer 1.6.6 with -machine-readable, as it was written. */

/** An Amazon build with a copy to a second Region, shortened to the lines that say something. */
export const AMAZON_BUILD = String.raw`
1795261434,,ui,say,==> amazon-ebs.web: Prevalidating AMI Name: web-1795261434
1795261434,,ui,message,    amazon-ebs.web: Found Image ID: ami-03cf127a
1795261434,,ui,say,==> amazon-ebs.web: Creating temporary keypair: packer_6b0183fa-5a25-8b34-eb8b-0e733d1f609b
1795261434,,ui,say,==> amazon-ebs.web: Creating temporary security group for this instance: packer_6b0183fa-3b6a-571b-b657-77048f8dd44a
1795261434,,ui,say,==> amazon-ebs.web: Launching a source AWS instance...
1795261434,,ui,message,    amazon-ebs.web: Adding tag: "Name": "Packer Builder"
1795261434,,ui,message,    amazon-ebs.web: Instance ID: i-fa41aa06d1ebd019f
1795261434,,ui,say,==> amazon-ebs.web: Waiting for instance (i-fa41aa06d1ebd019f) to become ready...
1795261434,,ui,say,==> amazon-ebs.web: Creating AMI web-1795261434 from instance i-fa41aa06d1ebd019f
1795261434,,ui,message,    amazon-ebs.web: AMI: ami-3fa4514990d8c83d9
1795261434,,ui,say,==> amazon-ebs.web: Copying/Encrypting AMI (ami-3fa4514990d8c83d9) to other regions...
1795261434,,ui,message,    amazon-ebs.web: Copying to: us-east-1
1795261434,,ui,say,==> amazon-ebs.web: Adding tags to AMI (ami-42be7fc1acb7634b2)...
1795261434,,ui,say,==> amazon-ebs.web: No volumes to clean up%!(PACKER_COMMA) skipping
1795261434,,ui,say,==> amazon-ebs.web: Deleting temporary keypair...
1795261434,,ui,say,Build 'amazon-ebs.web' finished after 267 milliseconds 481 microseconds.
1795261434,,ui,say,\n==> Wait completed after 267 milliseconds 579 microseconds
1795261434,,ui,say,\n==> Builds finished. The artifacts of successful builds are:
1795261434,amazon-ebs.web,artifact-count,1
1795261434,amazon-ebs.web,artifact,0,builder-id,mitchellh.amazonebs
1795261434,amazon-ebs.web,artifact,0,id,eu-west-1:ami-3fa4514990d8c83d9%!(PACKER_COMMA)us-east-1:ami-42be7fc1acb7634b2
1795261434,amazon-ebs.web,artifact,0,string,AMIs were created:\neu-west-1: ami-3fa4514990d8c83d9\nus-east-1: ami-42be7fc1acb7634b2\n
1795261434,amazon-ebs.web,artifact,0,files-count,0
1795261434,amazon-ebs.web,artifact,0,end
1795261434,,ui,say,--> amazon-ebs.web: AMIs were created:\neu-west-1: ami-3fa4514990d8c83d9\nus-east-1: ami-42be7fc1acb7634b2\n
`
  .trim()
  .split('\n');

/** A builder that never answers on port 22. */
export const SSH_TIMEOUT = String.raw`
1795261499,,ui,say,==> amazon-ebs.web: Using ssh communicator to connect: 54.214.25.227
1795261499,,ui,say,==> amazon-ebs.web: Waiting for SSH to become available...
1795261503,,ui,error,==> amazon-ebs.web: Timeout waiting for SSH.
1795261503,,ui,say,==> amazon-ebs.web: Terminating the source AWS instance...
1795261503,,ui,error,Build 'amazon-ebs.web' errored after 4 seconds 243 milliseconds: Timeout waiting for SSH.
1795261503,,ui,say,\n==> Wait completed after 4 seconds 243 milliseconds
1795261503,,error-count,1
1795261503,,ui,error,\n==> Some builds didn't complete successfully and had errors:
1795261503,amazon-ebs.web,error,Timeout waiting for SSH.
1795261503,,ui,error,--> amazon-ebs.web: Timeout waiting for SSH.
1795261503,,ui,say,\n==> Builds finished but no artifacts were created.
`
  .trim()
  .split('\n');

/** A provisioner that fails. */
export const FAILED_SCRIPT = String.raw`
1795261367,,ui,say,==> null.first: Running local shell script: /tmp/packer-shell1363473504
1795261367,,ui,message,    null.first: trying
1795261367,,ui,error,==> null.first: E: Unable to locate package nginx%!(PACKER_COMMA) sorry
1795261367,,ui,error,Build 'null.first' errored after 14 milliseconds 722 microseconds: Script exited with non-zero exit status: 3.Allowed exit codes are: [0]
1795261367,,error-count,1
1795261367,,ui,error,\n==> Some builds didn't complete successfully and had errors:
1795261367,null.first,error,Script exited with non-zero exit status: 3.Allowed exit codes are: [0]
1795261367,,ui,error,--> null.first: Script exited with non-zero exit status: 3.Allowed exit codes are: [0]
`
  .trim()
  .split('\n');

/** `packer validate` of a template whose variable is not set. */
export const UNSET_VARIABLE = [
  String.raw`1795261423,,ui,error,Error: Unset variable "region"\n\nA used variable must be set or have a default value; see\nhttps://packer.io/docs/configuration/from-1.5/syntax for details.\n\n`,
];

/** A legacy template's builder named "web, one", without an AMI. */
export const COMMA_IN_BUILD_NAME = [
  'ui,message,    web%!(PACKER_COMMA) one: hi you',
  'artifact-count,1',
  'artifact,0,id,Null',
  'artifact,0,string,Did not export anything. This is the null builder',
].map((record, index) => `1795261368,${index === 0 ? '' : 'web, one'},${record}`);
