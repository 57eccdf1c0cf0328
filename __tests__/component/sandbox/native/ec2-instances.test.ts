import { ec2Instances } from './ec2-instances.ts';
import { testFacts } from './fact.ts';

testFacts('EC2 instances', ec2Instances);
