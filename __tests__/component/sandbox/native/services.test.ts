import { door } from './door.ts';
import { testFacts } from './fact.ts';
import { loadBalancerFacts } from './load-balancers.ts';
import { smallServiceFacts } from './small-services.ts';

testFacts('the wire and permissions', door);
testFacts('load balancers', loadBalancerFacts);
testFacts('parameters, tokens and topics', smallServiceFacts);
