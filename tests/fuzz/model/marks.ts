import fc from 'fast-check';
import type { Status } from '../../../src/ledger/attendance';
import type { Command, School } from './command';
import { type Code, type Ledger, Write } from './ledger';
import { codes } from './records';
import { anyDay, anySeat, isEnrolled, isRarely, seatId, seats, sectionId } from './roster';

const words = { present: 1, absent: 2, late: 3, excused: 4 } as const;
const wordOf = (status: number): string => Object.keys(words)[status - 1]!;

const row = fc.record({
  seat: anySeat,
  date: anyDay,
  status: fc.oneof(fc.constantFrom(...(Object.keys(words) as (keyof typeof words)[])), fc.constantFrom('P', 'UT', 'A')),
  comment: fc.constantFrom('', 'ill', 'a, "b"'),
  isWrong: isRarely,
});
type Row = typeof row extends fc.Arbitrary<infer Each> ? Each : never;

/** What is answered of a row: what becomes of it, from what to what, and whether a later row replaced it. */
type Answer = readonly [outcome: string, from: string, to: string, isReplaced: boolean];

/** POST of marks, in JSON or CSV, some of it tried first, or only tried; some rows are wrong. */
export const marksCommands: fc.Arbitrary<Command> = fc
  .record({
    rows: fc.array(row, { minLength: 1, maxLength: 5 }),
    hasComments: fc.boolean(),
    isCsv: fc.boolean(),
    isDry: fc.constantFrom(false, false, true),
    isMarksOnly: isRarely,
  })
  .map(
    ({ rows, hasComments, isCsv, isDry, isMarksOnly }): Command => ({
      expected: ({ ledger }) => ({
        status: 200,
        rows: answersOf(rows, hasComments, isDry ? ledger.copy() : ledger),
      }),
      send: async (school) => {
        const post = school.post(isDry ? '/marks?dry_run=1' : '/marks');
        if (isMarksOnly) post.set('Authorization', `Bearer ${school.marksOnly}`);
        const sent = rows.map((each) => columnsOf(school, each, hasComments));
        return isCsv ? post.type('text/csv').send(csvOf(sent)) : post.send({ marks: sent });
      },
      told: ({ status, body }) => ({ status, rows: body.rows?.map(answerOf) }),
    }),
  );

function answersOf(rows: readonly Row[], hasComments: boolean, ledger: Ledger): Answer[] {
  const write = new Write(ledger, 'rollbook', 'complete');
  const isRight = ({ seat, date, isWrong }: Row) => !isWrong && isEnrolled(seat, date);
  const answers = rows.map((each, index): Answer => {
    if (!isRight(each)) return ['refused', '', '*', false];
    const { seat, date } = each;
    const code = Object.hasOwn(codes, each.status) ? (each.status as Code) : undefined;
    const status: Status = code ? codes[code] : words[each.status as keyof typeof words];
    const from = ledger.known(seat, date);
    const rowsBefore = ledger.journal.length;
    write.say(seat, date, { status, code, comment: hasComments ? each.comment : undefined });
    const isReplaced = rows
      .slice(index + 1)
      .some((later) => isRight(later) && later.seat === seat && later.date === date);
    const isChanged = ledger.journal.length > rowsBefore;
    return [isChanged ? 'changed' : 'unchanged', from ? wordOf(from.status) : '', wordOf(status), isReplaced];
  });
  write.end();
  return answers;
}

const answerOf = (each: { outcome: string; from: string; to: string; warning: string }): Answer => [
  each.outcome,
  each.from,
  each.to,
  /replaced/.test(each.warning),
];

/** Half of them by section and student, the others by their enrollment. */
function columnsOf(school: School, { seat, date, status, comment, isWrong }: Row, hasComments: boolean) {
  const { student, section } = seats[seat];
  const isNamed = comment !== 'ill';
  return {
    section: isNamed ? sectionId(school, section) : '',
    student: isNamed ? school.world.people[student] : '',
    enrollment: isNamed ? '' : seatId(school, seat),
    date: isWrong ? '10/9/2025' : date,
    status,
    ...(hasComments && { comment }),
  };
}

function csvOf(rows: readonly object[]): string {
  const lines = [Object.keys(rows[0]!), ...rows.map((each) => Object.values(each))];
  return lines.map((line) => line.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(',')).join('\r\n');
}
