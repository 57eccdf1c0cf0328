import { testFacts } from './fact.ts';
import { lifecycleStateFacts } from './lifecycle-states.ts';

testFacts('lifecycle states', lifecycleStateFacts);
