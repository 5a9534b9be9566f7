import type { Row } from './row';
import { apis } from './rows/apis';
import { backup } from './rows/backup';
import { between } from './rows/between';
import { bulkPut } from './rows/bulk-put';
import { directus } from './rows/directus';
import { firstPeriod } from './rows/first-period';
import { largeAnswers } from './rows/large-answers';
import { manyMarks } from './rows/many-marks';
import { monthGet } from './rows/month-get';
import { onPostgres } from './rows/on-postgres';
import { postgres } from './rows/postgres';
import { powerschool } from './rows/powerschool';
import { reports } from './rows/reports';
import { rollPut } from './rows/roll-put';
import { rosterImport } from './rows/roster-import';
import { start } from './rows/start';
import { workers } from './rows/workers';

/** The table, row by row. */
export const rows: readonly Row[] = [
  ...bulkPut,
  ...rollPut,
  ...monthGet,
  ...manyMarks,
  ...apis,
  ...powerschool,
  ...workers,
  ...postgres,
  ...rosterImport,
  ...largeAnswers,
  ...start,
  ...backup,
  ...firstPeriod,
  ...onPostgres,
  ...reports,
  ...directus,
  ...between,
].toSorted((one, other) => numberOf(one) - numberOf(other));

function numberOf({ id }: Row): number {
  return Number.parseInt(id.slice(1), 10);
}
