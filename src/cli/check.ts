import { Command } from 'commander';
import { clientInvariants } from '../clients/invariants';
import type { Database } from '../database/database';
import { type Finding, findingsOf, type Invariant } from '../database/invariants';
import { dialectInvariants } from '../dialects/kept';
import { ledgerInvariants } from '../ledger/invariants';
import { rosterInvariants } from '../roster/invariants';
import { count } from './arguments';
import { print, table, withDatabase, withJson } from './context';

/** Something is wrong. */
const EXIT_WRONG = 2;

/** All that rollbook promises of what is in a database. */
export const invariantsOf = ({ invariants }: Database): Invariant[] => [
  ...invariants,
  ...rosterInvariants,
  ...clientInvariants,
  ...ledgerInvariants,
  ...dialectInvariants,
];

export const checkCommand = withJson(new Command('check'))
  .description('check that the database holds what rollbook promises, while it is served')
  .option('--first <n>', 'list so many rows of each finding at most', count, 10)
  .addHelpText('after', '\nExit code: 0 all is well, or warnings only; 2 something is wrong; 1 not checked.')
  .action(({ first, json }: { first: number; json?: boolean }) =>
    withDatabase(async (database) => {
      const invariants = invariantsOf(database);
      const findings = await findingsOf(database, invariants, first);
      const errors = findings.filter(({ level }) => level === 'error').length;
      print({ checked: invariants.length, errors, warnings: findings.length - errors, findings }, json, [
        ...findings.flatMap(linesOf),
        `${invariants.length} invariants checked, ${errors} broken, ${findings.length - errors} warnings.`,
      ]);
      if (errors > 0) process.exitCode = EXIT_WRONG;
    }),
  );

const linesOf = ({ level, name, table: where, count, right, rows }: Finding): string[] => [
  `${level} ${name}: ${count} in ${where}. ${right}`,
  ...table(rows).map((line) => `  ${line}`),
  ...(count > rows.length ? [`  and ${count - rows.length} more`] : []),
  '',
];
