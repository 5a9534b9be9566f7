import fc from 'fast-check';
import { idOn } from '../../../src/days';
import { Status } from '../../../src/ledger/attendance';
import { unannounced } from './announcements';
import type { Command, Model, School } from './command';
import { Write } from './ledger';
import {
  anyDay,
  anySeat,
  anySection,
  type Day,
  isEnrolled,
  type Seat,
  type Section,
  seatId,
  seats,
  sectionId,
} from './roster';

const comment = fc.constantFrom('', null, 'ill', 'bus');
const said = fc.oneof(
  fc.record(
    {
      status: fc.constantFrom('present', 'absent', 'late', 'excused', 'accepted', 'declined', null),
      attended: fc.boolean(),
      comment,
    },
    { requiredKeys: [] },
  ),
  fc.record(
    { status: fc.constantFrom('accepted', 'declined', null), attended: fc.constant(null), comment },
    { requiredKeys: ['attended'] },
  ),
);
const announced = fc.record(
  { status: fc.constantFrom('accepted', 'declined'), attended: fc.boolean(), comment },
  { requiredKeys: [] },
);

interface Said {
  readonly status?: string | null;
  readonly attended?: boolean | null;
  readonly comment?: string | null;
}
const attends = (status: number) => status === Status.present || status === Status.late;

/** Whether the body can be written; it has been, then. */
function take({ ledger, announcements }: Model, seat: Seat, date: Day, { status, attended, comment }: Said): boolean {
  const was = ledger.known(seat, date)?.status;
  const named = Object.hasOwn(Status, status ?? '') ? Status[status as keyof typeof Status] : undefined;
  if (named && typeof attended === 'boolean' && attends(named) !== attended) return false;
  if (attended === null && ledger.isTaken(seats[seat].section, date)) return false;
  // "attended: true alone over late leaves it late."
  const meant = attended == null ? undefined : was && attends(was) === attended ? was : attended ? 1 : 2;
  const isUnsaid = attended === null && named === undefined;
  const standing = comment !== undefined && was && was !== 1 && !isUnsaid ? was : undefined;
  const now = isUnsaid ? null : (named ?? meant ?? standing);
  const write = new Write(ledger, 'osdi', 'complete');
  const before = announcements.get(`${seat} ${date}`) ?? unannounced;
  // "Missing fields stay, the comment too": also that of the announcement, where the student is absent or late now.
  const kept = (was ?? 1) === 1 && now !== 1 ? before.comment : undefined;
  const sent = comment === undefined ? kept || undefined : (comment ?? '');
  if (now !== undefined) write.say(seat, date, { status: now, comment: sent });
  write.end();
  // A comment is the mark's, and that of the announcement where there is no mark.
  const isOfMark = (ledger.known(seat, date)?.status ?? 1) !== 1;
  announcements.set(`${seat} ${date}`, {
    status: status === undefined || named ? before.status : (status ?? undefined),
    comment: comment === undefined || isOfMark ? before.comment : (comment ?? ''),
  });
  return true;
}

const call = (school: School, verb: 'post' | 'put' | 'patch' | 'delete', path: string) =>
  school[verb](`/osdi/api/v1${path}`).set('OSDI-API-Token', school.token);
const eventOf = (school: School, section: Section, date: Day) => `/events/${idOn(sectionId(school, section), date)}`;
const pathOf = (school: School, seat: Seat, date: Day) =>
  `${eventOf(school, seats[seat].section, date)}/attendances/${idOn(seatId(school, seat), date)}`;
const told: Command['told'] = ({ status }) => ({ status: status === 201 ? 200 : status });

/** A meeting is scheduled, or has come into being, before its attendances can be written. */
const scheduled = fc.record({ section: anySection, date: anyDay }).map(
  ({ section, date }): Command => ({
    expected: ({ ledger }) => {
      const status = ledger.hasMeeting(section, date) ? 200 : 201;
      ledger.schedule(section, date, 'osdi');
      return { status };
    },
    send: async (school) => {
      const identifiers = [`rollbook:section:${sectionId(school, section)}`];
      return call(school, 'post', '/events').send({ identifiers, all_day_date: date });
    },
    told: ({ status }) => ({ status }),
  }),
);

const edited = fc
  .record({
    seat: anySeat,
    date: anyDay,
    said,
    verb: fc.constantFrom('put', 'patch'),
    isStale: fc.constantFrom(false, false, false, true),
  })
  .map(
    ({ seat, date, said, verb, isStale }): Command => ({
      expected: (model) => {
        if (!model.ledger.hasEntry(seat, date)) return { status: 404 };
        if (isStale) return { status: 412 };
        return { status: take(model, seat, date, said) ? 200 : 400 };
      },
      send: async (school) => {
        const test = call(school, verb as 'put', pathOf(school, seat, date));
        return (isStale ? test.set('If-Match', '"1.hal+json"') : test).send(said);
      },
      told,
    }),
  );

const removed = fc.record({ seat: anySeat, date: anyDay }).map(
  ({ seat, date }): Command => ({
    expected: ({ ledger, announcements }) => {
      if (!ledger.hasEntry(seat, date)) return { status: 404 };
      const write = new Write(ledger, 'osdi', 'complete');
      write.say(seat, date, { status: null });
      write.end();
      announcements.delete(`${seat} ${date}`);
      return { status: 200 };
    },
    send: async (school) => call(school, 'delete', pathOf(school, seat, date)),
    told,
  }),
);

const recorded = fc
  .oneof(
    fc.record({ seat: anySeat, date: anyDay, said: announced, helper: fc.constant(true) }),
    fc.record({ seat: anySeat, date: anyDay, said, helper: fc.constant(false) }),
  )
  .map(
    ({ seat, date, said, helper }): Command => ({
      expected: (model) => {
        if (!model.ledger.hasMeeting(seats[seat].section, date)) return { status: 404 };
        return { status: isEnrolled(seat, date) && take(model, seat, date, said) ? 200 : 400 };
      },
      send: async (school) => {
        const event = eventOf(school, seats[seat].section, date);
        const person = { identifiers: [`rollbook:${school.world.people[seats[seat].student]}`] };
        return call(school, 'post', `${event}/${helper ? 'record_attendance_helper' : 'attendances'}`).send({
          ...said,
          person,
        });
      },
      told,
    }),
  );

/** POST of events, POST, PUT, PATCH and DELETE of attendances, and `record_attendance_helper`. */
export const osdiCommands: fc.Arbitrary<Command> = fc.oneof(scheduled, edited, edited, removed, recorded);
