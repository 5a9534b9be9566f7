/** Tests in a real browser: once, on SQLite. */
module.exports = {
  rootDir: `${__dirname}/../..`,
  testMatch: ['<rootDir>/tests/browser/**/*.browser.ts'],
  globalSetup: '<rootDir>/tests/browser/start.ts',
  globalTeardown: '<rootDir>/tests/engines/stop.ts',
  testEnvironment: '<rootDir>/tests/engines/environment.js',
  setupFiles: ['<rootDir>/tests/engines/once.ts', '<rootDir>/tests/engines/sqlite.ts'],
  transform: { '^.+\\.[jt]s$': '@swc/jest' },
  transformIgnorePatterns: ['/node_modules/(?!(openid-client|oauth4webapi|jose|@lti-tool/core)/)'], // these are ECMAScript modules
  testTimeout: 120_000,
  maxWorkers: 2,
};
