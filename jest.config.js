export default {
  testEnvironment: 'node',
  maxWorkers: '100%',
  // Tests run in stepped time and are quick; the limit is for machines that are busy.
  testTimeout: 30_000,
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
    '/@actions/(languageservice|workflow-parser)/.+\\.js$': '<rootDir>/__tests__/workflows/json-imports.js',
  },
  transformIgnorePatterns: ['/node_modules/(?!@actions/(languageservice|workflow-parser)/)'],
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  // Long runs, and the sandbox that all of this stands on, are a tier of their own: npm run test:matrix.
  testPathIgnorePatterns: ['/node_modules/', '\\.matrix\\.test\\.ts$', '/__tests__/component/sandbox/'],
  modulePathIgnorePatterns: ['<rootDir>/lib/', '<rootDir>/dist/'],
  coverageProvider: 'v8',
};
