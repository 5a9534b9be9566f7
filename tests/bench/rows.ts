import type { Row } from './row';
import { apis } from './rows/apis';
import { backup } from './rows/backup';
import { bulkPut } from './rows/bulk-put';
import { largeAnswers } from './rows/large-answers';
import { manyMarks } from './rows/many-marks';
import { monthGet } from './rows/month-get';
import { postgres } from './rows/postgres';
import { powerschool } from './rows/powerschool';
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
].toSorted((one, other) => numberOf(one) - numberOf(other));

function numberOf({ id }: Row): number {
  return Number(id.slice(1));
}
