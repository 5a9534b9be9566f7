import type { Change } from '../../schemas/rollbook/changes';
import type { Database } from '../../src/database/database';
import { openDatabase } from '../../src/database/open';

/** Ids of the first rollbook, and what the second one has in their place. */
export interface Ids {
  readonly sections: ReadonlyMap<number, number>;
  readonly enrollments: ReadonlyMap<number, number>;
}

/** By the sourcedIds: ids are each database's own. */
export async function idsBetween(first: string, second: string): Promise<Ids> {
  const [one, other] = [openDatabase(first), openDatabase(second)];
  try {
    return { sections: await between(one, other, 'sections'), enrollments: await between(one, other, 'enrollments') };
  } finally {
    await Promise.all([one.close(), other.close()]);
  }
}

async function between(one: Database, other: Database, table: string): Promise<Map<number, number>> {
  const there = new Map((await other.knex(table)).map((row) => [row.sourced_id, row.id]));
  return new Map((await one.knex(table)).map((row) => [row.id, there.get(row.sourced_id)]));
}

/** A request that brings the second rollbook up to some changes; doing it again does no harm. */
export interface Step {
  readonly method: 'PUT' | 'PATCH';
  readonly path: string;
  readonly body: object;
}

/** As many as a PUT takes. */
const MOST = 1_000;

/** The requests for changes, in their order; of statuses of one section, one after the other, it is one. */
export function stepsFor(changes: readonly Change[], { sections, enrollments }: Ids): Step[] {
  const steps: Step[] = [];
  let told: { section: number; attendance: object[] } | undefined;
  for (const change of changes) {
    const section = sections.get(change.section ?? 0)!;
    if (change.kind === 'mark' || change.kind === 'presence') {
      if (told?.section !== section || told.attendance.length === MOST) {
        told = { section, attendance: [] };
        const body = { attendances: { attendance: told.attendance } };
        steps.push({ method: 'PUT', path: `/v1/sections/${section}/attendance?taken=0`, body });
      }
      const { date, comment } = change;
      const status = change.kind === 'mark' ? change.status : 1;
      told.attendance.push({ enrollment_id: enrollments.get(change.enrollment), date, status, comment });
      continue;
    }
    told = undefined;
    const roll = 'date' in change ? `/rolls/${section}/${change.date}` : '';
    if (change.kind === 'roll.taken' || change.kind === 'roll.untaken')
      steps.push({ method: 'PATCH', path: roll, body: { taken: change.kind === 'roll.taken' } });
    if (change.kind === 'mark.removed' || change.kind === 'presence.removed')
      steps.push({
        ...{ method: 'PATCH', path: roll },
        body: { statuses: [{ enrollment_id: enrollments.get(change.enrollment), status: null }] },
      });
  }
  return steps;
}

/** What a rollbook holds of attendance and enrollments, row by row, by sourcedIds. */
export async function rowsOf(url: string): Promise<string[]> {
  const { knex, close } = openDatabase(url);
  try {
    const named = async (table: string) => new Map((await knex(table)).map((row) => [row.id, row.sourced_id]));
    const [sections, people, enrollments] = [await named('sections'), await named('people'), await knex('enrollments')];
    const students = new Map(enrollments.map((row) => [row.id, people.get(row.person_id)]));
    const ofDay = (row: { section_id: number; date: string; enrollment_id: number }) =>
      `${sections.get(row.section_id)} ${row.date} ${students.get(row.enrollment_id)}`;
    return [
      ...enrollments.map(
        (row) =>
          `enrollment ${sections.get(row.section_id)} ${students.get(row.id)} ${Boolean(row.admin)} ${row.begin_date} ${row.end_date}`,
      ),
      ...(await knex('marks')).map((row) => `mark ${ofDay(row)} ${row.status} ${row.comment}`),
      ...(await knex('presences')).map((row) => `presence ${ofDay(row)}`),
      ...(await knex('meetings').whereNotNull('taken_at')).map(
        (row) => `roll ${sections.get(row.section_id)} ${row.date}`,
      ),
    ].sort();
  } finally {
    await close();
  }
}
