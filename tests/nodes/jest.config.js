const { projects, ...shared } = require('../../jest.config.js');

/**
 * What another line of Node could break, on SQLite: what clients of each API send and get, sockets and what is no HTTP,
 * compression, modules of ECMAScript, the command and its processes. Few files, since CI runs them three times.
 */
const files = ['apis/*/transcripts', 'apis/rollbook/openid', 'cli/(cli|unread)', 'fuzz/http/sockets', 'http/codings'];

module.exports = {
  ...shared,
  rootDir: `${__dirname}/../..`,
  globalSetup: '<rootDir>/tests/nodes/start.ts',
  maxWorkers: 1,
  projects: projects
    .filter(({ displayName }) => displayName === 'sqlite')
    .map((project) => ({ ...project, testMatch: files.map((file) => `<rootDir>/tests/${file}.test.ts`) })),
};
