const { projects, ...shared } = require('../../jest.config.js');

/** The tests of `jest.config.js` in the groups that `write.js` has made. */
module.exports = {
  ...shared,
  rootDir: `${__dirname}/../..`,
  projects: projects.map((project) => ({
    ...project,
    testMatch: [`<rootDir>/dist/groups/${project.displayName}/*.js`],
    testPathIgnorePatterns: ['/node_modules/'],
  })),
};
