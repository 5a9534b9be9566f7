import { CLIENTS } from '../limits/rows';
import { expectAll } from '../load/measure';
import { bearer, wire } from '../load/request';
import { rollbook } from '../processes/rollbook';
import { interleave, median } from '../rounds';
import { type Row, ratio } from '../row';
import type { School } from '../school/build';
import { dayAfter } from '../school/days';
import { FREE_FROM, isHomeroom, personOf, STUDENTS, schoolOf, sectionsUpTo } from '../school/sizes';
import { putJson } from '../school/traffic';
import { putter } from './bulk-put';
import { expectMarks, marksIn } from './written';

const BATCH = 200;

export const powerschool: Row[] = [
  {
    id: 'B8',
    rollbook: 'PowerSchool: batch_daily_time, 200 absences a request',
    limit: 'bulk PUT, JSON',
    async measure(lab) {
      const [school, other] = [await lab.school(), await lab.school()];
      const { address } = await lab.serve(school.url);
      const before = marksIn(school);
      const days = lab.quick ? 5 : 10;
      const absent = absenceCodes(school);
      const post = async (round: number): Promise<number> => {
        const requests = Array.from({ length: days }, (_, day) =>
          dayAfter(FREE_FROM, (round + 1) * days + day),
        ).flatMap((date) => batchesOn(date, school, absent));
        const { seconds } = await expectAll(lab, 200, { address, connections: CLIENTS, requests });
        return (requests.length * BATCH) / seconds;
      };
      const perRound = days * batchesOn(FREE_FROM, school, absent).length * BATCH;
      await post(-1);
      const [rollbook, limit] = await interleave(lab.rounds, post, await putter(lab, other, putJson));
      expectMarks(school, before + (lab.rounds + 1) * perRound);
      return [ratio(median(rollbook), median(limit), 'items/s', { atLeast: 0.4 })];
    },
  },
];

interface Code {
  readonly id: number;
  readonly code: string;
}

/** The id of the code A of each school. */
function absenceCodes({ url, sections }: School): Map<number, number> {
  const schools = new Set(sectionsUpTo(sections).map(schoolOf));
  const place = ['--district', '1', '--year', '2025-26'];
  const codesOf = (school: number): Code[] => rollbook(url, 'codes', 'list', ...place, '--school', `S${school}`);
  return new Map([...schools].map((school) => [school, codesOf(school).find(({ code }) => code === 'A')!.id]));
}

/** All who have a homeroom, absent on the day, in full batches. */
function batchesOn(att_date: string, { sections, client }: School, codes: ReadonlyMap<number, number>): Buffer[] {
  const records = sectionsUpTo(sections)
    .filter(isHomeroom)
    .flatMap((section) =>
      Array.from({ length: STUDENTS }, (_, student) => ({
        att_mode_code: 'ATT_ModeDaily',
        att_date,
        schoolid: `S${schoolOf(section)}`,
        yearid: '35',
        studentid: String(personOf(section, student + 1)),
        attendance_codeid: String(codes.get(schoolOf(section))),
      })),
    );
  const full = Math.floor(records.length / BATCH);
  return Array.from({ length: full }, (_, index) =>
    wire({
      method: 'POST',
      path: '/ws/attendance/batch_daily_time',
      headers: { ...bearer(client), 'Content-Type': 'application/json' },
      body: JSON.stringify({
        name: 'ATTENDANCE',
        record: records.slice(index * BATCH, (index + 1) * BATCH).map((attendance) => ({ tables: { attendance } })),
      }),
    }),
  );
}
