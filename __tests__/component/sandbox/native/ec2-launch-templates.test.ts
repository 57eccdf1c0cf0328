import { ec2LaunchTemplates } from './ec2-launch-templates.ts';
import { testFacts } from './fact.ts';

testFacts('EC2 launch templates', ec2LaunchTemplates);
