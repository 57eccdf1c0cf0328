import config from './jest.config.js';

/** Long property runs and matrices: `npm run test:matrix`. */
export default {
  ...config,
  testMatch: ['<rootDir>/__tests__/**/*.matrix.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 600_000,
};
