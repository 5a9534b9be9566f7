import { Command } from 'commander';
import { absenceInvariants } from '../absences/tables';
import { apiInvariants } from '../apis/tables';
import { clientInvariants } from '../clients/tables';
import type { Database } from '../database/database';
import { DAMAGED, damaged, damageIn, type Finding, findingsOf, type Invariant, isDamage } from '../database/invariants';
import { fileOf, openDatabase } from '../database/open';
import { ledgerInvariants } from '../ledger/tables';
import { rosterInvariants } from '../roster/invariants';
import { readConfig } from '../service/config';
import { webhookInvariants } from '../webhooks/tables';
import { count, print, table, withDatabase, withJson } from './context';

/** Something is wrong. */
const EXIT_WRONG = 2;

/** All that rollbook promises of what is in a database. */
export const invariantsOf = ({ invariants }: Database): Invariant[] => [
  ...invariants,
  ...rosterInvariants,
  ...clientInvariants,
  ...webhookInvariants,
  ...absenceInvariants,
  ...ledgerInvariants,
  ...apiInvariants,
];

export const checkCommand = withJson(new Command('check'))
  .description('check that the database holds what rollbook promises, while it is served')
  .option('--first <n>', 'list so many rows of each finding at most', count, 10)
  .addHelpText('after', '\nExit code: 0 all is well, or warnings only; 2 something is wrong; 1 not checked.')
  .action(async ({ first, json }: { first: number; json?: boolean }) => {
    const { findings, checked } = await check(first);
    const errors = findings.filter(({ level }) => level === 'error').length;
    const warnings = findings.length - errors;
    const complete = !findings.some(({ name }) => name === DAMAGED);
    print({ checked, complete, errors, warnings, findings }, json, [
      ...findings.flatMap(linesOf),
      ...(complete ? [] : ['The database is damaged: not all that it holds could be checked.']),
      `${checked} invariants checked, ${errors} broken, ${warnings} warnings.`,
    ]);
    if (errors > 0) process.exitCode = EXIT_WRONG;
  });

/** What does not hold in the configured database, or which of its tables are damaged. */
export async function check(first: number): Promise<{ checked: number; findings: readonly Finding[] }> {
  try {
    return await withDatabase(async (database) => {
      const invariants = invariantsOf(database);
      return { checked: invariants.length, findings: await findingsOf(database, invariants, first) };
    });
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { checked: 0, findings: await beforeAnything(error, first) };
  }
}

/** What is damaged where it cannot even be seen whether the database is one of this rollbook. */
async function beforeAnything(cause: unknown, first: number): Promise<Finding[]> {
  const config = readConfig();
  try {
    const database = openDatabase(config.databaseUrl, config);
    return await damageIn(database, first, cause).finally(() => database.close());
  } catch (error) {
    if (!isDamage(error)) throw error;
    return [damaged(fileOf(config.databaseUrl) ?? 'the database', [(error as Error).message])];
  }
}

const linesOf = ({ level, name, table: where, count, right, rows }: Finding): string[] => [
  `${level} ${name}: ${count} in ${where}. ${right}`,
  ...table(rows).map((line) => `  ${line}`),
  ...(count > rows.length ? [`  and ${count - rows.length} more`] : []),
  '',
];
