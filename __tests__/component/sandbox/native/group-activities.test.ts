import { testFacts } from './fact.ts';
import { groupActivityFacts } from './group-activities.ts';

testFacts('group activities', groupActivityFacts);
