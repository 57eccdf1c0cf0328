import { door } from './door.ts';
import { testFacts } from './fact.ts';

testFacts('the front door', door);
