declare const loadOnce: NodeRequire; // environment.js

for (const name of ['knex', 'pg', 'better-sqlite3', '@sinclair/typebox', 'ajv', 'ajv-formats', 'pino', 'supertest'])
  jest.mock(name, () => loadOnce(name));
