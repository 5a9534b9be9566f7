import type { Engine, Executor } from '../database/database';
import { text } from '../database/query';

/** Days of a section that reports have to count anew, since something under its rolls has changed. */
export interface Recount {
  readonly section: number;
  /** The school that it was in; without one, that in which it is. */
  readonly school?: number | null;
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
}

/**
 * Notes what is to be counted anew in the transaction that changes it: reports find the note only together with the
 * change, however long that transaction takes. Writes of statuses need none, they raise the revision of the section.
 */
export function recountNotes({ knex, rows }: Engine) {
  const columns = { section_id: 'bigint', school_id: 'bigint', from_date: 'date', to_date: 'date' } as const;
  const note = text(
    knex,
    `insert into recounts (district_id, section_id, school_id, from_date, to_date)
    select :district, noted.section_id, noted.school_id, noted.from_date, noted.to_date
    from ${rows('noted', columns)} as noted`,
  );
  return async (tx: Executor, district: number, recounts: readonly Recount[]): Promise<void> => {
    const different = new Map<string, unknown[]>();
    for (const { section, school = null, from, to } of recounts)
      if (from < to) different.set(`${section} ${school} ${from} ${to}`, [section, school, from, to]);
    if (different.size > 0) await tx.all(note, { district, noted: JSON.stringify([...different.values()]) });
  };
}
