declare const loadOnce: NodeRequire; // environment.js

for (const name of ['knex', 'pg', 'better-sqlite3', '@sinclair/typebox']) jest.mock(name, () => loadOnce(name));
