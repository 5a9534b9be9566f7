import { idOn } from '../../../../src/days';
import type { School } from '../../../dialects/powerschool/school';
import type { Model } from '../command';
import type { Mark } from '../ledger';
import { seatId, studentNames } from '../roster';
import { meetings, type Reading } from './reading';

/** The attendances of each person. Where there is no mark the status is what was announced: of no account here. */
export async function osdiReading(school: School, { ledger }: Model): Promise<Reading> {
  const said = [];
  for (const student of studentNames) {
    const path = `/osdi/api/v1/people/${school.world.people[student]}/attendances`;
    const { body } = await school.get(`${path}?per_page=100`).set('OSDI-API-Token', school.token);
    said.push(...body._embedded['osdi:attendances'].map(osdiSays));
  }
  const expected = meetings
    .filter(([section, date]) => ledger.hasMeeting(section, date))
    .flatMap(([section, date]) =>
      ledger.roll(section, date).map(([seat, mark]) => osdiWords(idOn(seatId(school, seat), date), mark)),
    );
  return { said: said.sort(), expected: expected.sort() };
}

const names = { 2: 'absent', 3: 'late', 4: 'excused' } as const;

function osdiSays({
  identifiers,
  status,
  attended,
  comment,
}: {
  identifiers: string[];
  status?: string;
  attended?: boolean;
  comment?: string;
}) {
  const isMark = Object.values(names).some((name) => name === status);
  return [identifiers[0], attended, ...(isMark ? [status, comment ?? ''] : [])];
}

function osdiWords(id: number, mark: Mark | null) {
  const identifier = `rollbook:${id}`;
  if (!mark) return [identifier, undefined];
  if (mark.status === 1) return [identifier, true];
  return [identifier, mark.status === 3, names[mark.status], mark.comment];
}
