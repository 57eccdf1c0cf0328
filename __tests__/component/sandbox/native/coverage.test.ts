import { describe, expect, test } from '@jest/globals';
import { services } from '../../../../sandbox/services/index.ts';
import { door } from './door.ts';
import { ec2Images } from './ec2-images.ts';
import { ec2Instances } from './ec2-instances.ts';
import { ec2LaunchTemplates } from './ec2-launch-templates.ts';
import { ec2Network } from './ec2-network.ts';
import { ec2Snapshots } from './ec2-snapshots.ts';
import { type FactTable, factOf, facts } from './fact.ts';
import { groupActivityFacts } from './group-activities.ts';
import { groupAttachmentFacts } from './group-attachments.ts';
import { groupMemberFacts } from './group-members.ts';
import { groupFacts } from './groups.ts';
import { lifecycleStateFacts } from './lifecycle-states.ts';
import { loadBalancerFacts } from './load-balancers.ts';
import { refreshFacts } from './refreshes.ts';
import { smallServiceFacts } from './small-services.ts';

/** Every fact about an operation that is served here is checked, or has its reason in a table. */

const tables: readonly FactTable[] = [
  door,
  ec2Images,
  ec2Instances,
  ec2LaunchTemplates,
  ec2Network,
  ec2Snapshots,
  groupActivityFacts,
  groupAttachmentFacts,
  groupMemberFacts,
  groupFacts,
  lifecycleStateFacts,
  loadBalancerFacts,
  refreshFacts,
  smallServiceFacts,
];

const served = new Set(services.flatMap(({ handlers }) => Object.keys(handlers)));

/** Of several operations, one that is served is enough; facts about the wire concern all. */
const isServed = (operation: string) =>
  operation.startsWith('wire') ||
  operation.split(' / ').some((name) => served.has(name.replace(/^(SSM|STS|SNS) /, '')));

const checked = tables.flatMap(({ checks }) => Object.keys(checks));
const reasons = tables.flatMap(({ cannotHold }) => Object.entries(cannotHold));

describe('native answers', () => {
  test('each fact is in one table at most', () => {
    const known = [...checked, ...reasons.map(([id]) => id)];
    expect(known.filter((id, index) => known.indexOf(id) !== index)).toEqual([]);
  });

  test('each fact about an operation that is served is checked, or has a reason', () => {
    const known = new Set([...checked, ...reasons.map(([id]) => id)]);
    const forgotten = facts.filter((fact) => isServed(fact.operation) && !known.has(fact.id));
    expect(forgotten.map(({ id, operation, given }) => `${id} ${operation}: ${given}`)).toEqual([]);
  });

  test('most facts are checked', () => {
    expect(checked.length / facts.length).toBeGreaterThan(0.95);
  });

  test.each(reasons.map(([id, reason]) => ({ id, reason })))(
    '$id is not checked: $reason',
    ({ id, reason }) => {
      expect(factOf(id).id).toBe(id);
      expect(reason.length).toBeGreaterThan(20);
    },
  );
});
