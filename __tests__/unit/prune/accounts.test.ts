import { describeAccounts } from './accounts.properties.ts';

describeAccounts(200);
