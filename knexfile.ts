import { migrations } from './db/migrations';
import { openDatabase } from './src/database/open';
import { readConfig } from './src/service/config';

/** For knex's own command, on the configured database, e.g. `npx knex --knexfile dist/knexfile.js migrate:list`. */
const database = openDatabase(readConfig().databaseUrl);

export default { ...database.knex.client.config, migrations: { migrationSource: migrations(database) } };
