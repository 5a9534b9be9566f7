import fc from 'fast-check';
import type { Status } from '../../../src/ledger/attendance';
import type { Command } from './command';
import { anyDay, anySeat, type Section, seatId, seats, sectionId, sectionNames } from './roster';

const item = fc.record({
  seat: anySeat,
  date: anyDay,
  status: fc.constantFrom<Status>(1, 2, 3, 4),
  comment: fc.option(fc.constantFrom('', 'ill', 'a & <b>'), { nil: undefined }),
  wrong: fc.constantFrom(undefined, undefined, undefined, undefined, 'status', 'date', 'enrollment_id'),
});
type Item = typeof item extends fc.Arbitrary<infer Each> ? Each : never;
const condition = fc.constantFrom(undefined, undefined, undefined, 'fresh', 'stale', '*');

/** PUT of a section's attendance, in JSON or XML, conditional or not; some items are wrong. */
export const schoologyCommands: fc.Arbitrary<Command> = fc
  .record({
    section: fc.constantFrom<Section>(...sectionNames),
    items: fc.array(item, { minLength: 1, maxLength: 6 }),
    type: fc.constantFrom('application/json', 'text/xml'),
    match: condition,
  })
  .map(({ section, items, type, match }) => ({
    expected: ({ ledger }) => {
      if (match === 'stale') return { status: 412 };
      const isRight = (each: Item) => each.wrong === undefined && seats[each.seat].section === section;
      return { status: 200, items: items.map((each) => isRight(each) && ledger.write(each.seat, each.date, each)) };
    },
    send: async (school) => {
      const path = `/v1/sections/${sectionId(school, section)}/attendance`;
      const sent = items.map(({ seat, wrong, ...rest }) => ({
        enrollment_id: seatId(school, seat),
        ...rest,
        ...(wrong && { [wrong]: '2025-02-30' }),
      }));
      const put = school.put(path).type(type);
      if (match === 'fresh') put.set('If-Match', (await school.get(path).set('Accept', type)).headers.etag!);
      else if (match) put.set('If-Match', match === 'stale' ? '"999999.json"' : match);
      return put.send(type === 'text/xml' ? xmlOf(sent) : JSON.stringify({ attendances: { attendance: sent } }));
    },
    told: ({ status, body }) =>
      status === 200
        ? { status, items: body.attendance.map((each: { response_code: number }) => each.response_code === 200) }
        : { status },
  }));

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function xmlOf(items: readonly object[]): string {
  const elements = items.map((item) => {
    const fields = Object.entries(item).filter(([, value]) => value !== undefined);
    return `<attendance>${fields.map(([name, value]) => `<${name}>${escaped(String(value))}</${name}>`).join('')}</attendance>`;
  });
  return `<attendances>${elements.join('')}</attendances>`;
}
