import { idOn } from '../../../../src/days';
import type { Announcement } from '../announcements';
import { unannounced } from '../announcements';
import type { Model, School } from '../command';
import type { Known } from '../ledger';
import { seatId, sectionId, studentNames } from '../roster';
import { meetings, type Reading } from './reading';

/** The attendances of each person, and how many of each event attended. */
export async function osdiReading(school: School, { ledger, announcements }: Model): Promise<Reading> {
  const read = async (path: string) =>
    (await school.get(`/osdi/api/v1${path}?per_page=100`).set('OSDI-API-Token', school.token)).body._embedded;
  const said: string[] = [];
  for (const student of studentNames) {
    const all = await read(`/people/${school.world.people[student]}/attendances`);
    said.push(...all['osdi:attendances'].map(saidOf));
  }
  const events = (await read('/events'))['osdi:events'].map((event: Event) =>
    [event.identifiers[0], event.total_accepted].join(),
  );
  const there = meetings.filter(([section, date]) => ledger.hasMeeting(section, date));
  const expected = there.flatMap(([section, date]) =>
    ledger
      .roll(section, date)
      .map(([seat, known]) =>
        expectedOf(idOn(seatId(school, seat), date), known, announcements.get(`${seat} ${date}`) ?? unannounced),
      ),
  );
  const expectedEvents = there.map(([section, date]) =>
    [
      `rollbook:${idOn(sectionId(school, section), date)}`,
      ledger.roll(section, date).filter(([, known]) => known?.status === 1 || known?.status === 3).length,
    ].join(),
  );
  return { said: [said.sort(), events.sort()], expected: [expected.sort(), expectedEvents.sort()] };
}

interface Event {
  readonly identifiers: readonly string[];
  readonly total_accepted: number;
}

interface Attendance {
  readonly identifiers: readonly string[];
  readonly status?: string;
  readonly attended?: boolean;
  readonly comment?: string;
}

const saidOf = ({ identifiers, status, attended, comment }: Attendance) =>
  [identifiers[0], attended, status, comment].join();

const names = { 2: 'absent', 3: 'late', 4: 'excused' } as const;

/** An exception as the ledger has it; else what was announced, of somebody who is known to be there "accepted". */
function expectedOf(id: number, known: Known | null, { status, comment }: Announcement) {
  const identifier = `rollbook:${id}`;
  if (known === null) return [identifier, undefined, status, comment || undefined].join();
  if (known.status === 1) return [identifier, true, status ?? 'accepted', comment || undefined].join();
  return [identifier, known.status === 3, names[known.status], known.comment || undefined].join();
}
