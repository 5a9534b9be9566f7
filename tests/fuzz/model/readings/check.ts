import { invariantsOf } from '../../../../src/cli/check';
import { findingsOf } from '../../../../src/database/invariants';
import type { School } from '../command';
import type { Reading } from './reading';

/** What `rollbook check` finds wrong; that PostgreSQL keeps the year in no part of its own is no matter of the ledger. */
export async function checkReading({ world: { database } }: School): Promise<Reading> {
  const findings = await findingsOf(database, invariantsOf(database), 3);
  return { said: findings.filter(({ name }) => name !== 'part_missing'), expected: [] };
}
