import { testFacts } from './fact.ts';
import { groupAttachmentFacts } from './group-attachments.ts';

testFacts('what hangs on a group', groupAttachmentFacts);
