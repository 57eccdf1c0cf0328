import { testFacts } from './fact.ts';
import { refreshFacts } from './refreshes.ts';

testFacts('instance refreshes', refreshFacts);
