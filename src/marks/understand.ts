import type { Actor } from '../actor';
import type { Database } from '../database/database';
import type { DateOrder } from '../written-days';
import { type Meaning, openMeanings } from './meaning';
import { RowError, type SentRow, type Wish, wishOf } from './row';
import { type Enrolled, openWhose } from './whose';

/** A row that is understood: whose mark it is, and which. */
export interface Understood {
  readonly wish: Wish;
  readonly enrolled: Enrolled;
  readonly meaning: Meaning;
}

/** Reads rows for an actor: each is understood, or refused. `ignored` is told of headings that nobody knows. */
export function openUnderstanding(database: Database) {
  const whose = openWhose(database);
  return (
    actor: Actor,
    options: { readonly dryRun: boolean; readonly dateOrder?: DateOrder | undefined },
    ignored: Set<string>,
  ) => {
    const meanings = openMeanings(database, actor.district, options);
    return async (rows: readonly SentRow[]): Promise<(Understood | RowError)[]> => {
      const wishes = rows.map((row) => orRefused(() => wishOf(row, ignored, options.dateOrder)));
      const find = await whose(actor, wishes.filter(isRight));
      const read = async (wish: Wish): Promise<Understood | RowError> => {
        const enrolled = orRefused(() => find(wish));
        if (!isRight(enrolled)) return enrolled;
        const meaning = await meanings(wish, enrolled.school_id).catch(refusalOf);
        return isRight(meaning) ? { wish, enrolled, meaning } : meaning;
      };
      return Promise.all(wishes.map((wish) => (isRight(wish) ? read(wish) : wish)));
    };
  };
}

export const isRight = <Right>(value: Right | RowError): value is Right => !(value instanceof RowError);

function orRefused<Value>(read: () => Value): Value | RowError {
  try {
    return read();
  } catch (error) {
    return refusalOf(error);
  }
}

function refusalOf(error: unknown): RowError {
  if (error instanceof RowError) return error;
  throw error;
}
