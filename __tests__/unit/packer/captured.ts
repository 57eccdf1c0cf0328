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

/** One build with every kind of provisioner and a post-processor, shortened likewise. */
export const PROVISIONED_BUILD = String.raw`
1795284315,,ui,say,==> amazon-ebs.shop: Prevalidating any provided VPC information
1795284315,,ui,say,==> amazon-ebs.shop: Prevalidating AMI Name: shop-provisioned
1795284315,,ui,message,    amazon-ebs.shop: Found Image ID: ami-07e789b2e6c442cb6
1795284315,,ui,say,==> amazon-ebs.shop: Creating temporary keypair: packer_6b01dd59-2ce6-c4ae-8036-9f779efa3cbc
1795284315,,ui,say,==> amazon-ebs.shop: Creating temporary security group for this instance: packer_6b01dd5b-4102-2145-96e1-739803004afc
1795284315,,ui,say,==> amazon-ebs.shop: Launching a source AWS instance...
1795284315,,ui,message,    amazon-ebs.shop: Instance ID: i-07d8f2a7b60416d7f
1795284315,,ui,say,==> amazon-ebs.shop: Waiting for instance (i-07d8f2a7b60416d7f) to become ready...
1795284316,,ui,say,==> amazon-ebs.shop: Using ssh communicator to connect: 127.0.0.1
1795284316,,ui,say,==> amazon-ebs.shop: Waiting for SSH to become available...
1795284316,,ui,say,==> amazon-ebs.shop: Connected to SSH!
1795284316,,ui,say,==> amazon-ebs.shop: Uploading ./shop.conf => /home/ec2-user/shop.conf
1795284316,,ui,say,==> amazon-ebs.shop: Provisioning with shell script: /tmp/packer-shell1795173994
1795284316,,ui,message,    amazon-ebs.shop: license hunter2 is used
1795284318,,ui,say,==> amazon-ebs.shop: Provisioning with Ansible...
1795284318,,ui,message,    amazon-ebs.shop: Not using Proxy adapter for Ansible run:\n    amazon-ebs.shop: 	Using ssh keys from Packer communicator...
1795284318,,ui,say,==> amazon-ebs.shop: Executing Ansible: ansible-playbook -e packer_build_name="shop" -e packer_builder_type=amazon-ebs --ssh-extra-args '-o IdentitiesOnly=yes' -e ansible_ssh_private_key_file=/tmp/ansible-key779308914 -i /tmp/packer-provisioner-ansible1524496897 /srv/shop/playbook.yml
1795284319,,ui,message,    amazon-ebs.shop: PLAY [Set the builder instance up] *********************************************
1795284319,,ui,message,    amazon-ebs.shop: TASK [Gathering Facts] *********************************************************
1795284322,,ui,message,    amazon-ebs.shop: ok: [default]
1795284322,,ui,message,    amazon-ebs.shop: TASK [Write a file] ************************************************************
1795284325,,ui,message,    amazon-ebs.shop: ok: [default]
1795284325,,ui,message,    amazon-ebs.shop: PLAY RECAP *********************************************************************
1795284325,,ui,message,    amazon-ebs.shop: default                    : ok=2    changed=0    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0
1795284325,,ui,say,==> amazon-ebs.shop: Provisioning with shell script: ./finish.sh
1795284325,,ui,message,    amazon-ebs.shop: looking for nginx
1795284325,,ui,say,==> amazon-ebs.shop: Stopping the source instance...
1795284325,,ui,say,==> amazon-ebs.shop: Waiting for the instance to stop...
1795284326,,ui,say,==> amazon-ebs.shop: Creating AMI shop-provisioned from instance i-07d8f2a7b60416d7f
1795284326,,ui,message,    amazon-ebs.shop: AMI: ami-08977e93646524825
1795284326,,ui,say,==> amazon-ebs.shop: Waiting for AMI to become ready...
1795284328,,ui,say,==> amazon-ebs.shop: Terminating the source AWS instance...
1795284329,,ui,say,==> amazon-ebs.shop: Cleaning up any extra volumes...
1795284329,,ui,say,==> amazon-ebs.shop: No volumes to clean up%!(PACKER_COMMA) skipping
1795284329,,ui,say,==> amazon-ebs.shop: Deleting temporary security group...
1795284329,,ui,say,==> amazon-ebs.shop: Deleting temporary keypair...
1795284330,,ui,say,==> amazon-ebs.shop: Running post-processor:  (type shell-local)
1795284330,,ui,say,==> amazon-ebs.shop (shell-local): Running local shell script: /tmp/packer-shell242994404
1795284330,,ui,message,    amazon-ebs.shop (shell-local): the image is made
1795284330,,ui,say,Build 'amazon-ebs.shop' finished after 14 seconds 466 milliseconds.
1795284330,,ui,say,\n==> Wait completed after 14 seconds 467 milliseconds
1795284330,,ui,say,\n==> Builds finished. The artifacts of successful builds are:
1795284330,amazon-ebs.shop,artifact-count,2
1795284330,amazon-ebs.shop,artifact,0,builder-id,mitchellh.amazonebs
1795284330,amazon-ebs.shop,artifact,0,id,us-east-1:ami-08977e93646524825
1795284330,amazon-ebs.shop,artifact,0,string,AMIs were created:\nus-east-1: ami-08977e93646524825\n
1795284330,,ui,say,--> amazon-ebs.shop: AMIs were created:\nus-east-1: ami-08977e93646524825\n
1795284330,amazon-ebs.shop,artifact,1,builder-id,mitchellh.amazonebs
1795284330,amazon-ebs.shop,artifact,1,id,us-east-1:ami-08977e93646524825
1795284330,amazon-ebs.shop,artifact,1,string,AMIs were created:\nus-east-1: ami-08977e93646524825\n
1795284330,,ui,say,--> amazon-ebs.shop: AMIs were created:\nus-east-1: ami-08977e93646524825\n
`
  .trim()
  .split('\n');

/** Two builds side by side, one of which is copied to a second Region. */
export const SEVERAL_BUILDS = String.raw`
1795284668,,ui,say,==> amazon-ebs.green: Prevalidating AMI Name: web-green
1795284668,,ui,say,==> amazon-ebs.blue: Prevalidating AMI Name: web-blue
1795284668,,ui,message,    amazon-ebs.green: Found Image ID: ami-07e789b2e6c442cb6
1795284668,,ui,say,==> amazon-ebs.green: Creating temporary keypair: packer_6b01debb-c600-d7e2-a316-9128bc2b283c
1795284668,,ui,message,    amazon-ebs.blue: Found Image ID: ami-07e789b2e6c442cb6
1795284668,,ui,say,==> amazon-ebs.blue: Creating temporary keypair: packer_6b01debb-45e8-f664-6b16-197ccbf26e57
1795284668,,ui,say,==> amazon-ebs.green: Creating temporary security group for this instance: packer_6b01debc-3c56-403e-7276-72301ce202ad
1795284668,,ui,say,==> amazon-ebs.blue: Creating temporary security group for this instance: packer_6b01debc-53c3-866d-f286-89d0256477a3
1795284668,,ui,say,==> amazon-ebs.green: Launching a source AWS instance...
1795284668,,ui,say,==> amazon-ebs.blue: Launching a source AWS instance...
1795284668,,ui,message,    amazon-ebs.green: Instance ID: i-05c06ff7dc4ac1880
1795284668,,ui,say,==> amazon-ebs.green: Waiting for instance (i-05c06ff7dc4ac1880) to become ready...
1795284668,,ui,message,    amazon-ebs.blue: Instance ID: i-04072542a94b9c33e
1795284668,,ui,say,==> amazon-ebs.blue: Waiting for instance (i-04072542a94b9c33e) to become ready...
1795284669,,ui,say,==> amazon-ebs.green: Using ssh communicator to connect: 127.0.0.1
1795284669,,ui,say,==> amazon-ebs.green: Waiting for SSH to become available...
1795284669,,ui,say,==> amazon-ebs.blue: Using ssh communicator to connect: 127.0.0.1
1795284669,,ui,say,==> amazon-ebs.blue: Waiting for SSH to become available...
1795284669,,ui,say,==> amazon-ebs.green: Connected to SSH!
1795284669,,ui,say,==> amazon-ebs.blue: Connected to SSH!
1795284669,,ui,say,==> amazon-ebs.blue: Provisioning with shell script: /tmp/packer-shell3445134993
1795284669,,ui,say,==> amazon-ebs.green: Provisioning with shell script: /tmp/packer-shell483260784
1795284669,,ui,message,    amazon-ebs.blue: one
1795284669,,ui,error,==> amazon-ebs.blue: two
1795284669,,ui,message,    amazon-ebs.green: one
1795284669,,ui,error,==> amazon-ebs.green: two
1795284669,,ui,say,==> amazon-ebs.blue: Stopping the source instance...
1795284669,,ui,say,==> amazon-ebs.green: Stopping the source instance...
1795284669,,ui,say,==> amazon-ebs.blue: Waiting for the instance to stop...
1795284669,,ui,say,==> amazon-ebs.green: Waiting for the instance to stop...
1795284670,,ui,say,==> amazon-ebs.blue: Creating AMI web-blue from instance i-04072542a94b9c33e
1795284670,,ui,say,==> amazon-ebs.green: Creating AMI web-green from instance i-05c06ff7dc4ac1880
1795284670,,ui,message,    amazon-ebs.blue: AMI: ami-0903b2aad4c38672a
1795284670,,ui,say,==> amazon-ebs.blue: Waiting for AMI to become ready...
1795284670,,ui,message,    amazon-ebs.green: AMI: ami-0ba7e97a12f21baa6
1795284670,,ui,say,==> amazon-ebs.green: Waiting for AMI to become ready...
1795284672,,ui,say,==> amazon-ebs.blue: Copying/Encrypting AMI (ami-0903b2aad4c38672a) to other regions...
1795284672,,ui,message,    amazon-ebs.blue: Copying to: eu-west-1
1795284672,,ui,message,    amazon-ebs.blue: Waiting for all copies to complete...
1795284672,,ui,say,==> amazon-ebs.green: Terminating the source AWS instance...
1795284673,,ui,say,==> amazon-ebs.green: Deleting temporary security group...
1795284673,,ui,say,==> amazon-ebs.green: Deleting temporary keypair...
1795284673,,ui,say,Build 'amazon-ebs.green' finished after 5 seconds 579 milliseconds.
1795284674,,ui,say,==> amazon-ebs.blue: Terminating the source AWS instance...
1795284675,,ui,say,==> amazon-ebs.blue: Deleting temporary security group...
1795284675,,ui,say,==> amazon-ebs.blue: Deleting temporary keypair...
1795284675,,ui,say,Build 'amazon-ebs.blue' finished after 7 seconds 607 milliseconds.
1795284675,,ui,say,\n==> Wait completed after 7 seconds 607 milliseconds
1795284675,,ui,say,\n==> Builds finished. The artifacts of successful builds are:
1795284675,amazon-ebs.green,artifact-count,1
1795284675,amazon-ebs.green,artifact,0,builder-id,mitchellh.amazonebs
1795284675,amazon-ebs.green,artifact,0,id,us-east-1:ami-0ba7e97a12f21baa6
1795284675,amazon-ebs.green,artifact,0,string,AMIs were created:\nus-east-1: ami-0ba7e97a12f21baa6\n
1795284675,,ui,say,--> amazon-ebs.green: AMIs were created:\nus-east-1: ami-0ba7e97a12f21baa6\n
1795284675,amazon-ebs.blue,artifact-count,1
1795284675,amazon-ebs.blue,artifact,0,builder-id,mitchellh.amazonebs
1795284675,amazon-ebs.blue,artifact,0,id,eu-west-1:ami-0a9292bbae2191df9%!(PACKER_COMMA)us-east-1:ami-0903b2aad4c38672a
1795284675,amazon-ebs.blue,artifact,0,string,AMIs were created:\neu-west-1: ami-0a9292bbae2191df9\nus-east-1: ami-0903b2aad4c38672a\n
1795284675,,ui,say,--> amazon-ebs.blue: AMIs were created:\neu-west-1: ami-0a9292bbae2191df9\nus-east-1: ami-0903b2aad4c38672a\n
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
