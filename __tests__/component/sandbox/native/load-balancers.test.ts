import { testFacts } from './fact.ts';
import { loadBalancerFacts } from './load-balancers.ts';

testFacts('load balancers', loadBalancerFacts);
