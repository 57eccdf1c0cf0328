import { ec2Snapshots } from './ec2-snapshots.ts';
import { testFacts } from './fact.ts';

testFacts('EC2 snapshots and volumes', ec2Snapshots);
