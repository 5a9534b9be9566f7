const { TestEnvironment } = require('jest-environment-node');
const { loadModule } = require('libpg-query');

/** The statements that tests of this process have run, each of which is read once (districts.ts). */
const statements = new Map();

/**
 * Jest loads every module anew for every file of tests: a thousand of them, a quarter of the time of all tests. Half are of
 * libraries that keep nothing which a test could change. `loadOnce` loads these once for all files of a process.
 */
module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global.loadOnce = require;
    this.global.statements = statements;
  }

  async setup() {
    await super.setup();
    await loadModule();
  }
};
