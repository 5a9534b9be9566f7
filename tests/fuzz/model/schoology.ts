import fc from 'fast-check';
import type { Status } from '../../../src/ledger/attendance';
import { TODAY } from './clock';
import type { Command } from './command';
import { Write } from './ledger';
import {
  anyDay,
  anySeat,
  anySection,
  type Day,
  isEnrolled,
  isRarely,
  type Seat,
  type Section,
  seatId,
  seats,
  sectionId,
} from './roster';

const item = fc.record({
  seat: anySeat,
  date: anyDay,
  status: fc.constantFrom<Status>(1, 1, 2, 3, 4),
  comment: fc.option(fc.constantFrom('', 'ill', 'a & <b>'), { nil: undefined }),
  wrong: fc.constantFrom(
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    'status',
    'date',
    'enrollment_id',
    'comment',
  ),
});
type Item = typeof item extends fc.Arbitrary<infer Each> ? Each : never;
const condition = fc.constantFrom(undefined, undefined, undefined, undefined, 'fresh', 'stale', '*');
const wrongs = { status: 'late', date: '2025-02-30', enrollment_id: '2025-02-30', comment: 'x'.repeat(2_001) };

/** What is answered of an item: its code, and what its message says, if it has one. */
type Answer = readonly [code: number | '*', message: 'replaced' | 'not taken' | 'refused' | '*' | undefined];

/** PUT of a section's attendance, in JSON or XML, conditional or not, by a client of any kind; some items are wrong. */
export const schoologyCommands: fc.Arbitrary<Command> = fc
  .record({
    section: anySection,
    items: fc.oneof(
      fc.array(item, { minLength: 1, maxLength: 6 }),
      // A whole roll of a day, as a front end sends it.
      fc
        .tuple(anyDay, fc.array(item, { minLength: 3, maxLength: 6 }))
        .map(([date, all]) => all.map((each) => ({ ...each, date }))),
    ),
    type: fc.constantFrom('application/json', 'text/xml'),
    match: condition,
    taken: fc.constantFrom(undefined, undefined, '1', '0', '0'),
    isMarksOnly: isRarely,
  })
  .map(
    ({ section, items, type, match, taken, isMarksOnly }): Command => ({
      expected: ({ ledger }) => {
        // It is asked for what such a client never does.
        if (isMarksOnly && taken === '1') return { status: 403 };
        if (match === 'stale') return { status: 412 };
        const takes = taken !== '0' && !isMarksOnly;
        return { status: 200, items: answersOf(items, section, takes, ledger) };
      },
      send: async (school) => {
        const path = `/v1/sections/${sectionId(school, section)}/attendance`;
        const sent = items.map(({ seat, wrong, ...rest }) => ({
          enrollment_id: seatId(school, seat),
          ...rest,
          ...(wrong && { [wrong]: wrongs[wrong] }),
        }));
        const put = school.put(taken === undefined ? path : `${path}?taken=${taken}`).type(type);
        if (isMarksOnly) put.set('Authorization', `Bearer ${school.marksOnly}`);
        if (match === 'fresh') put.set('If-Match', (await school.get(path).set('Accept', type)).headers.etag!);
        else if (match) put.set('If-Match', match === 'stale' ? '"999999.json"' : match);
        return put.send(type === 'text/xml' ? xmlOf(sent) : JSON.stringify({ attendances: { attendance: sent } }));
      },
      told: ({ status, body }) => (status === 200 ? { status, items: body.attendance.map(answerOf) } : { status }),
    }),
  );

function answersOf(items: readonly Item[], section: Section, takes: boolean, ledger: Write['ledger']): Answer[] {
  const isRight = ({ seat, date, wrong }: Item) => !wrong && seats[seat].section === section && isEnrolled(seat, date);
  const isOf = (seat: Seat, date: Day) => (each: Item) => each.seat === seat && each.date === date;
  // Who is on the roll of the day would become present by what is refused.
  const isHindering = ({ seat, date, wrong }: Item) =>
    (wrong === 'status' || wrong === 'comment') && seats[seat].section === section && isEnrolled(seat, date);
  const hindered = new Set(items.filter(isHindering).map(({ date }) => Write.placeOf(section, date)));
  const wasTaken = new Set(items.filter(({ date }) => ledger.isTaken(section, date)).map(({ date }) => date));
  const write = new Write(ledger, 'schoology', takes ? 'always' : 'complete', hindered);
  for (const each of items) if (isRight(each)) write.say(each.seat, each.date, { ...each, isForgetful: true });
  write.end();
  return items.map((each, index) => {
    const { seat, date, wrong } = each;
    const isLast = !items.slice(index + 1).some((later) => isRight(later) && isOf(seat, date)(later));
    if (isRight(each)) return [200, isLast ? undefined : 'replaced'];
    if (wrong === 'enrollment_id') return [400, 'refused'];
    if (seats[seat].section !== section) return [wrong ? '*' : 404, 'refused'];
    const isKept = takes && isHindering(each) && !wasTaken.has(date) && !ledger.isTaken(section, date) && date <= TODAY;
    // Where nothing else is said of the day, there is no roll to take, and it may be said or not.
    const isAlone = !items.some((other) => isRight(other) && other.date === date);
    return [400, isKept ? (isAlone ? '*' : 'not taken') : 'refused'];
  });
}

function answerOf({ response_code, message }: { response_code: number; message?: string }): Answer {
  if (response_code === 200)
    return [200, message === undefined ? undefined : /replaced/.test(message) ? 'replaced' : 'refused'];
  return [response_code, message?.endsWith(' For that, the roll of the day is not taken.') ? 'not taken' : 'refused'];
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function xmlOf(items: readonly object[]): string {
  const elements = items.map((item) => {
    const fields = Object.entries(item).filter(([, value]) => value !== undefined);
    return `<attendance>${fields.map(([name, value]) => `<${name}>${escaped(String(value))}</${name}>`).join('')}</attendance>`;
  });
  return `<attendances>${elements.join('')}</attendances>`;
}
