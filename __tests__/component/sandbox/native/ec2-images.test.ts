import { ec2Images } from './ec2-images.ts';
import { testFacts } from './fact.ts';

testFacts('EC2 images', ec2Images);
