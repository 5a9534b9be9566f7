/** Every test runs on both engines: the same files once a project, told apart by $ENGINE alone. */
const project = (engine) => ({
  displayName: engine,
  rootDir: __dirname,
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  setupFiles: [`<rootDir>/tests/engines/${engine}.ts`],
  transform: { '^.+\\.[jt]s$': '@swc/jest' },
  transformIgnorePatterns: ['/node_modules/(?!(openid-client|oauth4webapi|jose)/)'], // these are ECMAScript modules
});

module.exports = {
  globalSetup: '<rootDir>/tests/engines/start.ts',
  globalTeardown: '<rootDir>/tests/engines/stop.ts',
  projects: [project('sqlite'), project('postgres')],
  testTimeout: 15_000,
  // Tests wait for the database half of their time.
  maxWorkers: '100%',
};
