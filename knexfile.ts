import { migrations } from './db/migrations';
import { readConfig } from './src/config';
import { openDatabase } from './src/database/open';

/** For knex's own command, on the configured database, e.g. `npx knex --knexfile dist/knexfile.js migrate:list`. */
const database = openDatabase(readConfig().databaseUrl);

export default { ...database.knex.client.config, migrations: { migrationSource: migrations(database) } };
