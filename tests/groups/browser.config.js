/** The tests of the pages in the groups that `write.js` has made. */
module.exports = {
  ...require('../browser/jest.config.js'),
  testMatch: ['<rootDir>/dist/groups/browser/*.js'],
};
