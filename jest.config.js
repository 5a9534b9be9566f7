const { availableParallelism } = require('node:os');

/**
 * About the source, the wire, files and commands: an engine has no part in them, or those beneath them run on each; they
 * run on the first alone. Of those that run statements, each is run on PostgreSQL by a file that is not listed.
 */
const once = [
  'bench/',
  'cli/(audit|calendar|cli|conditional|demo|help|invite|journal|lost-key|lti|marks|no-database|periods|printable|privacy|roster|rotation|school|sentences|stopped|systemd|unread|webhook)\\.',
  'apis/(osdi|powerschool|wix)/parameters',
  // What is written in one API and read in another: each API's own files write and read there.
  'apis/pairs',
  'apis/powerschool/modes',
  'apis/rollbook/(absentees|calendars|in-session|letters|marks|passes|schools|session|sign-in|students)\\.',
  'apis/schoology/(clients|get|grading-periods|large|multiget|roster|walk)\\.',
  'apis/wix/fuzz',
  'audit/endpoints',
  'apis/(osdi|powerschool)/refusals',
  'config\\.',
  'contracts/(architecture|memory|package|readme|route-to-sql|schemas|typed-endpoints)\\.',
  'crash/within\\.',
  'csv\\.',
  'engines/',
  'database/(connection-shares|landed)\\.',
  'apis/powerschool/fiql',
  'apis/(lti|rollbook)/openid',
  'follow/',
  'fuzz/http/sockets',
  'http/credentials/(nonces|oauth1)',
  'http/(admission|client-error|codings|encodings|headers|json|limits|media|memory|messages|origins|parameters|prefix|proxies|rates|remembered|secure|semaphore|shares|singles|slashes|slow|turns|xml)\\.',
  // Who may do what at the endpoints of a table; isolation/districts asks all of them, as teachers too.
  'isolation/(callers|former|substitutes|teachers)\\.',
  'lti/',
  'mail/',
  'openapi/',
  'openid/',
  'runtime\\.',
  'service/traces',
  'roster/(lines|whole-files|zips)\\.',
  // What imports make of a year. None of these runs a statement that the other files do not run.
  'roster/(class-terms|double-warnings|export-again|guesses|moved-classes|movers|past|present-schools|rows|several-rows|shrunk|teachers)\\.',
  'clients/(oauth|remembered|roles|signer)\\.',
  'apis/wix/uuids',
  'transcript\\.',
  'web/',
  'webhooks/addresses',
  'workers/',
  'xml/',
];

/** Every other file runs on both engines: the same files once a project, told apart by $ENGINE alone. */
const project = (engine, but = []) => ({
  displayName: engine,
  rootDir: __dirname,
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...but.map((path) => `<rootDir>/tests/${path}`)],
  testEnvironment: '<rootDir>/tests/engines/environment.js',
  setupFiles: ['<rootDir>/tests/engines/once.ts', `<rootDir>/tests/engines/${engine}.ts`],
  setupFilesAfterEnv: ['<rootDir>/tests/engines/districts.ts'],
  transform: { '^.+\\.[jt]s$': '@swc/jest' },
  transformIgnorePatterns: ['/node_modules/(?!(openid-client|oauth4webapi|jose|@lti-tool/core)/)'], // these are ECMAScript modules
});

module.exports = {
  globalSetup: '<rootDir>/tests/engines/start.ts',
  globalTeardown: '<rootDir>/tests/engines/stop.ts',
  projects: [project('sqlite'), project('postgres', once)],
  testTimeout: 30_000,
  // One more than there are cores: tests wait for databases and processes a quarter of their time.
  maxWorkers: availableParallelism() + 1,
  // A process of 1 GB that has nothing open is gone a third of a second after its end, on a busy machine later: the half
  // of a second that is usual would be taken for something that a test has left open.
  workerGracefulExitTimeout: 5_000,
};
