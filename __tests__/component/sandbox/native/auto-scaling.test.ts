import { testFacts } from './fact.ts';
import { groupActivityFacts } from './group-activities.ts';
import { groupAttachmentFacts } from './group-attachments.ts';
import { groupMemberFacts } from './group-members.ts';
import { groupFacts } from './groups.ts';
import { lifecycleStateFacts } from './lifecycle-states.ts';
import { refreshFacts } from './refreshes.ts';

testFacts('instance refreshes', refreshFacts);
testFacts('groups', groupFacts);
testFacts('members of groups', groupMemberFacts);
testFacts('what hangs on groups', groupAttachmentFacts);
testFacts('scaling activities', groupActivityFacts);
testFacts('lifecycle states', lifecycleStateFacts);
