import { describeAccounts } from './accounts.properties.ts';

describeAccounts(5000);
