import { invariantsOf } from '../../../../src/cli/check';
import { findingsOf } from '../../../../src/database/invariants';
import type { School } from '../command';
import type { Reading } from './reading';

/** What `rollbook check` finds wrong. */
export async function checkReading({ world: { database } }: School): Promise<Reading> {
  return { said: await findingsOf(database, invariantsOf(database), 3), expected: [] };
}
