import type { Said } from './builder';
import { openRivers, type Rivers } from './school';

/** The warning of a student who is listed twice in a class names both rows, and no row of its own twice. */
let rivers: Rivers;
beforeEach(async () => {
  rivers = await openRivers();
});
afterEach(() => rivers.close());

type Rows = NonNullable<Said['enrollments']>;
const row = (id: string, more: object = {}): Rows[number] => ({ id, person: 'ada', ...more });
const bulk = (...enrollments: Rows): Said => ({
  people: ['ada', 'lin', 'mae'].map((id) => ({ id })),
  classes: [{ id: 'k' }, { id: 'l' }],
  enrollments,
});
const delta = (...enrollments: Rows): Said => ({
  ...bulk(...enrollments),
  modes: { orgs: 'absent', academicSessions: 'absent', classes: 'absent', users: 'absent', enrollments: 'delta' },
});
/** By their lines, what is said of them as the other ones. */
const warned = async (said: Said) =>
  (await rivers.import(said, '2025-09-01')).warnings.map(({ file, line, column, reason, rows }) => {
    expect([file, column, rows]).toEqual(['enrollments.csv', 'userSourcedId', 1]);
    const [, own, other, where] =
      /^The student is in the class twice at the same time, as "(.+)" and as "(.+)" \((.+)\): one enrollment was made of both\.$/.exec(
        reason,
      )!;
    return [line, own, other, where];
  });
const ofBefore = 'of an earlier import';
const on = (line: number) => `enrollments.csv, line ${line}`;
const fall = { begin: '2025-09-01', end: '2025-12-20' };

test.each<[string, readonly Said[], Said, readonly unknown[]]>([
  ['in one file', [], bulk(row('a'), row('lin', { person: 'lin' }), row('b')), [[4, 'b', 'a', on(2)]]],
  [
    'three times',
    [],
    bulk(row('a'), row('b'), row('c', fall)),
    [
      [3, 'b', 'a', on(2)],
      [4, 'c', 'a', on(2)],
    ],
  ],
  ['by a new row after one of an earlier import', [bulk(row('a'))], bulk(row('a'), row('b')), [[3, 'b', 'a', on(2)]]],
  ['by a new row before one of an earlier import', [bulk(row('a'))], bulk(row('b'), row('a')), [[3, 'a', 'b', on(2)]]],
  ['by a delta', [bulk(row('a'))], delta(row('lin', { person: 'lin' }), row('b')), [[3, 'b', 'a', ofBefore]]],
  [
    'by a delta that moves one of two rows away',
    [bulk(row('a'), row('b'))],
    delta(row('b', { person: 'mae' }), row('c', fall)),
    [[3, 'c', 'a', ofBefore]],
  ],
  [
    'by a row that moves to where the student is already',
    [bulk(row('a'), row('b'), row('x', { class: 'l' }))],
    delta(row('lin', { person: 'lin' }), row('b', { class: 'l' })),
    [[3, 'b', 'x', ofBefore]],
  ],
])('a student who is listed twice, %s', async (_what, before, said, expected) => {
  for (const each of before) await rivers.import(each, '2025-09-01');
  expect(await warned(said)).toEqual(expected);
  expect(await warned(said)).toEqual([]); // it is made once
});

test('rows of many students, and of classes, are told apart', async () => {
  const people = Array.from({ length: 40 }, (_none, index) => `p${index}`);
  const rows = ['first', 'second'].flatMap((which) =>
    people.flatMap((person) => ['k', 'l'].map((of) => ({ id: `${which}-${person}-${of}`, person, class: of }))),
  );
  const said = { ...bulk(...rows), people: people.map((id) => ({ id })) };
  expect(await warned(said)).toEqual(
    rows.slice(0, 80).map(({ id }, index) => [82 + index, id.replace('first', 'second'), id, on(2 + index)]),
  );
});
