import type { Database } from '../database/database';
import { idOn } from '../days';
import type { Record } from './record';
import { type PlacedMark, type Resolution, resolve, type Standing, type State } from './resolve';
import type { WriteSql } from './sql/write';
import { marksAmong, outcomesOf, placed, stateOf } from './standing';

/**
 * Answers what `record` would, and writes nothing and holds nobody back; what was rehearsed before counts as written.
 * For one caller, one request after the other.
 */
export function rehearsal(database: Database, sql: WriteSql): Record {
  const rehearsed = notes();
  return async (requests, actor, { section } = {}) => {
    const answers = await placed(database, sql, requests, actor, section);
    const marks = marksAmong(answers);
    const resolution = resolve(marks, rehearsed.over(await stateOf(database, sql, marks, actor), marks));
    rehearsed.add(resolution);
    return outcomesOf(answers, resolution);
  };
}

/** What would stand by now, where it is not what does. */
function notes() {
  const marks = new Map<number, Standing | undefined>();
  const said = new Map<number, Standing>();
  const taken = new Set<number>();
  return {
    over(state: State, about: readonly PlacedMark[]): State {
      const now = { marks: new Map(state.marks), taken: new Set(state.taken), said: new Map(state.said) };
      for (const { entry, meeting } of about) {
        const mark = marks.get(entry);
        if (mark) now.marks.set(entry, mark);
        else if (marks.has(entry)) now.marks.delete(entry);
        if (taken.has(meeting)) now.taken.add(meeting);
        if (said.has(entry)) now.said.set(entry, said.get(entry)!);
      }
      return now;
    },
    add({ put, remove, take, journal }: Resolution): void {
      for (const [entry, { status, comment, code }] of put) marks.set(entry, { status, comment, code });
      for (const entry of remove.keys()) marks.set(entry, undefined);
      for (const meeting of take.keys()) taken.add(meeting);
      for (const [, date, enrollment, , , status, comment, code] of journal)
        if (enrollment !== null) said.set(idOn(enrollment, date), { status, comment, code });
    },
  };
}
