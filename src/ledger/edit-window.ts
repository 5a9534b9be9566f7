import type { Database } from '../database/database';
import { text } from '../database/query';
import { integer, string } from '../database/rows';
import { plusDays, today } from '../days';
import { Problem } from '../lib/problem';
import type { Actor } from './actor';
import type { Placed } from './placed';
import { refuse } from './placed';
import type { PlacedMark } from './resolve';

/** What a write knows of a section that it holds. */
export interface HeldSection {
  readonly id: number;
  readonly revision: number;
  readonly time_zone: string;
  /** For how many days after the day itself teachers may take and change a roll of its school; null: without an end. */
  readonly edit_days: number | null;
}

/** The first day whose rolls the actor may still take and change; null: any. The office always may, and so may an operator. */
export const editableFrom = (
  { person }: Actor,
  { edit_days, time_zone }: Pick<HeldSection, 'edit_days' | 'time_zone'>,
): string | null => (person === null || edit_days === null ? null : plusDays(today(time_zone), -edit_days));

/** The first day whose rolls the actor may still take and change, by the school of a class; null: any. */
export function openEditWindows({ knex, all }: Pick<Database, 'knex' | 'all'>) {
  const windows = text(
    knex,
    `select schools.id as school, schools.edit_days, districts.time_zone
    from schools
    join districts on districts.id = schools.district_id
    where schools.district_id = :district and schools.edit_days is not null`,
    { school: integer, edit_days: integer, time_zone: string },
  );
  return async (actor: Actor): Promise<(school: number | null) => string | null> => {
    if (actor.person === null) return () => null;
    const rows = await all(windows, { district: actor.district });
    const first = new Map(rows.map(({ school, ...window }) => [school, editableFrom(actor, window)]));
    return (school) => first.get(school ?? 0) ?? null;
  };
}

/** Why the actor may change a roll no more; undefined where they may. */
function whyClosed(actor: Actor, section: HeldSection, date: string): string | undefined {
  const first = editableFrom(actor, section);
  if (first === null || date >= first) return undefined;
  const { edit_days } = section;
  const within =
    edit_days === 0 ? 'on the day itself' : `for ${edit_days} ${edit_days === 1 ? 'day' : 'days'} after the day`;
  return (
    `Teachers of this school take and change a roll ${within}; ${date} is closed, the earliest day that is open is ` +
    `${first}. The office can still change it.`
  );
}

/** Throws DATE_CLOSED where the actor may change the roll of a section on a day no more. */
export function refuseClosed(actor: Actor, section: HeldSection | undefined, date: string): void {
  const why = section && whyClosed(actor, section, date);
  if (why) throw new Problem('DATE_CLOSED', why, { violations: [{ field: 'date', message: why }] });
}

/** Why the actor may change the roll of one of these sections on a day no more; undefined where they may. */
export function closedDays(actor: Actor, held: readonly HeldSection[]) {
  const sections = new Map(held.map((section) => [section.id, section]));
  return (section: number, date: string): string | undefined => {
    const known = sections.get(section);
    return known && whyClosed(actor, known, date);
  };
}

/** What of a write is of days that the actor may still change; the rest is refused. */
export function withinWindow(all: Placed, actor: Actor, held: readonly HeldSection[]): Placed {
  if (held.every((section) => editableFrom(actor, section) === null)) return all;
  const closed = closedDays(actor, held);
  const answers = all.answers.map((answer) => {
    const why = 'ok' in answer ? undefined : closed(answer.section, answer.date);
    return why === undefined ? answer : refuse('date_closed', why);
  });
  return { ...all, answers, marks: answers.filter((answer): answer is PlacedMark => !('ok' in answer)) };
}
