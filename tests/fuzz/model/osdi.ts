import fc from 'fast-check';
import { idOn } from '../../../src/days';
import { Status } from '../../../src/ledger/attendance';
import type { School } from '../../dialects/powerschool/school';
import type { Command, Model } from './command';
import {
  anyDay,
  anySeat,
  type Day,
  isEnrolled,
  type Seat,
  type Section,
  seatId,
  seats,
  sectionId,
  sectionNames,
} from './roster';

const said = fc.record(
  {
    status: fc.constantFrom('present', 'absent', 'late', 'excused', 'accepted', 'declined'),
    attended: fc.boolean(),
    comment: fc.constantFrom('', 'ill', 'bus'),
  },
  { requiredKeys: [] },
);
type Said = typeof said extends fc.Arbitrary<infer Each> ? Each : never;
const attends = (status: number) => status === Status.present || status === Status.late;

/** Whether the body can be written; it has been, then. What was only announced is no matter of the ledger. */
function take({ ledger }: Model, seat: Seat, date: Day, { status, attended, comment }: Said): boolean {
  const was = ledger.standing(seat, date)?.status;
  const named = Object.hasOwn(Status, status ?? '') ? Status[status as keyof typeof Status] : undefined;
  if (named && attended !== undefined && attends(named) !== attended) return false;
  // "attended: true alone over late leaves it late."
  const meant = attended === undefined ? undefined : was && attends(was) === attended ? was : attended ? 1 : 2;
  const standing = comment !== undefined && was && was !== 1 ? was : undefined;
  const now = named ?? meant ?? standing;
  return now === undefined || ledger.write(seat, date, { status: now, comment });
}

const call = (school: School, verb: 'post' | 'put' | 'patch' | 'delete', path: string) =>
  school[verb](`/osdi/api/v1${path}`).set('OSDI-API-Token', school.token);
const eventOf = (school: School, section: Section, date: Day) => `/events/${idOn(sectionId(school, section), date)}`;
const pathOf = (school: School, seat: Seat, date: Day) =>
  `${eventOf(school, seats[seat].section, date)}/attendances/${idOn(seatId(school, seat), date)}`;
const told: Command['told'] = ({ status }) => ({ status: status === 201 ? 200 : status });

const isThere = ({ ledger }: Model, seat: Seat, date: Day) =>
  isEnrolled(seat, date) && ledger.hasMeeting(seats[seat].section, date);

/** A meeting is scheduled before its attendances can be written. */
const scheduled = fc.record({ section: fc.constantFrom<Section>(...sectionNames), date: anyDay }).map(
  ({ section, date }): Command => ({
    expected: ({ ledger }) => {
      ledger.schedule(section, date);
      return { status: 200 };
    },
    send: async (school) => {
      const identifiers = [`rollbook:section:${sectionId(school, section)}`];
      return call(school, 'post', '/events').send({ identifiers, all_day_date: date });
    },
    told,
  }),
);

const edited = fc
  .record({
    seat: anySeat,
    date: anyDay,
    said,
    verb: fc.constantFrom('put', 'patch'),
    isStale: fc.constantFrom(false, false, true),
  })
  .map(
    ({ seat, date, said, verb, isStale }): Command => ({
      expected: (model) => {
        if (!isThere(model, seat, date)) return { status: 404 };
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
    expected: (model) => {
      if (!isThere(model, seat, date)) return { status: 404 };
      if (model.ledger.standing(seat, date)) model.ledger.write(seat, date, { status: 1 });
      return { status: 200 };
    },
    send: async (school) => call(school, 'delete', pathOf(school, seat, date)),
    told,
  }),
);

const announced = fc.record(
  {
    status: fc.constantFrom('accepted', 'declined'),
    attended: fc.boolean(),
    comment: fc.constantFrom('', 'ill', 'bus'),
  },
  { requiredKeys: [] },
);
const recorded = fc.record({ seat: anySeat, date: anyDay, said: announced, helper: fc.boolean() }).map(
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

/** POST, PUT, PATCH and DELETE of attendances, and `record_attendance_helper`. */
export const osdiCommands: fc.Arbitrary<Command> = fc.oneof(scheduled, edited, removed, recorded);
