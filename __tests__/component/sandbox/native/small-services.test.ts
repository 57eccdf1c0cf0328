import { testFacts } from './fact.ts';
import { smallServiceFacts } from './small-services.ts';

testFacts('Systems Manager, STS and SNS', smallServiceFacts);
