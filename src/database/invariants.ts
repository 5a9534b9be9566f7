import { damageIn, isDamage } from './damage';
import type { Database } from './database';
import { text } from './query';

/** What must hold of every row of a table. */
export interface Invariant {
  /** Stable, so that scripts can go by it. */
  readonly name: string;
  readonly table: string;
  /** A warning is for somebody to look at; it breaks no promise. */
  readonly level: 'error' | 'warning';
  /** What would be right, as a sentence. */
  readonly right: string;
  /** A query for the rows of which it does not hold: their keys, and what is wrong with them. Nothing personal. `:now` is the time. */
  readonly broken: string;
}

/** An invariant that does not hold: of how many rows, and the first of them. */
export interface Finding extends Omit<Invariant, 'broken'> {
  readonly count: number;
  readonly rows: readonly object[];
}

/**
 * The invariants that do not hold, all of them of one state of the database, whoever writes meanwhile. Where pages are
 * damaged, the tables that they are of, and what was found before.
 * @param first how many rows of each are listed at most
 */
export async function findingsOf(
  database: Database,
  invariants: readonly Invariant[],
  first: number,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  let cause: unknown;
  await broken(database, invariants, first, findings).catch((error) => {
    if (!isDamage(error)) throw error;
    cause = error;
  });
  const isDamaged = cause !== undefined || findings.some(({ name }) => name === INTACT);
  return isDamaged ? [...findings, ...(await damageIn(database, first, cause))] : findings;
}

/** The invariant that an engine has of its files as a whole. */
export const INTACT = 'file_intact';

function broken(
  database: Database,
  invariants: readonly Invariant[],
  first: number,
  findings: Finding[],
): Promise<void> {
  return database.snapshot(async (reading) => {
    const now = new Date().toISOString();
    for (const { broken, ...invariant } of invariants) {
      const listed = text(
        database.knex,
        `select count(*) over () as findings, broken.* from (${broken}) as broken limit :first`,
      );
      const rows = await reading.all<{ findings: number }>(listed, { first, now });
      if (rows.length > 0) findings.push({ ...invariant, count: rows[0]!.findings, rows: rows.map(withoutCount) });
    }
  });
}

const withoutCount = ({ findings: _, ...row }: { findings: number }): object => row;
