const { projects, ...shared } = require('../../jest.config.js');

/** What takes long and a quiet machine: `npm run test:isolation-time`. */
module.exports = {
  ...shared,
  rootDir: `${__dirname}/../..`,
  maxWorkers: 1,
  projects: projects.map((project) => ({ ...project, testMatch: ['<rootDir>/tests/isolation/measured.ts'] })),
};
