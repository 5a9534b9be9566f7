import fc from 'fast-check';
import type { Status } from '../../../src/ledger/attendance';
import { TODAY } from './clock';
import type { Command } from './command';
import { Write } from './ledger';
import { anyDay, anySection, isEnrolled, isRarely, type Seat, seatId, seatNames, seats, sectionId } from './roster';

const said = fc.record({
  /** Which of the section's students, in turn. */
  student: fc.nat(3),
  status: fc.constantFrom<Status | null>(1, 1, 2, 3, 4, null),
  comment: fc.option(fc.constantFrom('', 'ill', 'bus'), { nil: undefined }),
  isWrong: fc.constantFrom(false, false, false, false, false, false, false, true),
});

/** PATCH of a roll: taken, not taken, and what is said of single students; all or nothing. */
export const rollCommands: fc.Arbitrary<Command> = fc
  .record({
    section: anySection,
    date: anyDay,
    taken: fc.constantFrom(undefined, true, true, false, false),
    statuses: fc.option(fc.array(said, { maxLength: 5 }), { nil: undefined, freq: 2 }),
    isMarksOnly: isRarely,
  })
  .map(({ section, date, taken, statuses, isMarksOnly }): Command => {
    const students = seatNames.filter((seat) => seats[seat].section === section);
    const seatOf = (student: number): Seat => students[student % students.length]!;
    return {
      expected: ({ ledger }) => {
        if (isMarksOnly && taken !== undefined) return { status: 403 };
        const all = statuses ?? [];
        const isRefused = all.some(({ student, isWrong }) => isWrong || !isEnrolled(seatOf(student), date));
        const isAhead = taken === true && date > TODAY;
        if (isRefused && isAhead) return { status: '*' }; // which of the two is said first is all the same
        if (isRefused) return { status: 400 };
        if (isAhead) return { status: 409 };
        const write = new Write(ledger, 'rollbook', taken === undefined ? 'complete' : taken ? 'always' : 'never');
        if (taken === false) ledger.untake(section, date, 'rollbook');
        for (const { student, status, comment } of all) write.say(seatOf(student), date, { status, comment });
        write.end();
        if (taken) ledger.take(section, date, 'rollbook');
        return { status: 200, isTaken: ledger.isTaken(section, date) };
      },
      send: async (school) => {
        const patch = school.patch(`/rolls/${sectionId(school, section)}/${date}`);
        if (isMarksOnly) patch.set('Authorization', `Bearer ${school.marksOnly}`);
        return patch.send({
          taken,
          statuses: statuses?.map(({ student, status, comment, isWrong }) => ({
            enrollment_id: isWrong ? 999_999 : seatId(school, seatOf(student)),
            status,
            comment,
          })),
        });
      },
      told: ({ status, body }) => (status === 200 ? { status, isTaken: body.taken_at !== null } : { status }),
    };
  });
