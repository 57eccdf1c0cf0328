import { ec2Images } from './ec2-images.ts';
import { ec2Instances } from './ec2-instances.ts';
import { ec2LaunchTemplates } from './ec2-launch-templates.ts';
import { ec2Network } from './ec2-network.ts';
import { ec2Snapshots } from './ec2-snapshots.ts';
import { testFacts } from './fact.ts';

testFacts('images', ec2Images);
testFacts('snapshots and volumes', ec2Snapshots);
testFacts('launch templates', ec2LaunchTemplates);
testFacts('instances', ec2Instances);
testFacts('keys, tags and security groups', ec2Network);
