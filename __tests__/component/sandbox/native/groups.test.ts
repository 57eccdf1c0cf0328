import { testFacts } from './fact.ts';
import { groupFacts } from './groups.ts';

testFacts('groups', groupFacts);
