import type { Database } from '../database/database';
import { idOn } from '../days';
import { type Record, takingOf } from './record';
import { type PlacedMark, type Resolution, resolve, type Standing, type State } from './resolve';
import type { WriteSql } from './sql/write';
import { outcomesOf, placed, stateOf } from './standing';

/**
 * Answers what `record` would, and writes nothing and holds nobody back; what was rehearsed before counts as written.
 * For one caller, one request after the other.
 */
export function rehearsal(database: Database, sql: WriteSql): Record {
  const rehearsed = notes();
  return async (requests, actor, conditions = {}) => {
    const all = await placed(database, sql, requests, actor, conditions.section);
    const [district] = await database.all<{ time_zone: string }>(sql.timeZone, { district: actor.district });
    const taking = takingOf(actor, conditions, all, district?.time_zone);
    const state = await stateOf(database, sql, all.marks, actor, taking);
    const resolution = resolve(all.marks, rehearsed.over(state, all.marks), taking);
    rehearsed.add(resolution);
    return outcomesOf(all, resolution);
  };
}

/** What would be known by now, where it is not what is. */
function notes() {
  const told = new Map<number, Standing | undefined>();
  const said = new Map<number, Standing>();
  const taken = new Map<number, boolean>();
  return {
    over(state: State, about: readonly PlacedMark[]): State {
      const now = { ...state, told: new Map(state.told), taken: new Map(state.taken), said: new Map(state.said) };
      for (const { entry, meeting } of about) {
        for (const each of [entry, ...(state.students.get(meeting) ?? [])])
          if (told.get(each)) now.told.set(each, told.get(each)!);
          else if (told.has(each)) now.told.delete(each);
        if (taken.has(meeting)) now.taken.set(meeting, taken.get(meeting)!);
        if (said.has(entry)) now.said.set(entry, said.get(entry)!);
      }
      return now;
    },
    add(resolution: Resolution): void {
      for (const [entry, standing] of resolution.told) told.set(entry, standing);
      for (const { section, date } of resolution.begin) taken.set(idOn(section, date), false);
      for (const meeting of resolution.take.keys()) taken.set(meeting, true);
      for (const [, date, enrollment, , , status, comment, code] of resolution.journal)
        if (enrollment !== null) said.set(idOn(enrollment, date), { status, comment, code });
    },
  };
}
