import { testFacts } from './fact.ts';
import { groupMemberFacts } from './group-members.ts';

testFacts('group members', groupMemberFacts);
