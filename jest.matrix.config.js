import config from './jest.config.js';

/** Long property runs, matrices, and the sandbox in depth: `npm run test:matrix`. */
export default {
  ...config,
  testMatch: [
    '<rootDir>/__tests__/**/*.matrix.test.ts',
    '<rootDir>/__tests__/component/sandbox/**/*.test.ts',
  ],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 600_000,
};
