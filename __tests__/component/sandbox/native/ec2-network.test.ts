import { ec2Network } from './ec2-network.ts';
import { testFacts } from './fact.ts';

testFacts('EC2 wire, key pairs, tags and security groups', ec2Network);
