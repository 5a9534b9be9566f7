import { answerOf, header } from '../load/answer';
import { CONNECTIONS, expectAll } from '../load/measure';
import { interleave } from '../rounds';
import type { Row } from '../row';
import type { Client } from '../school/client';
import { sectionsUpTo } from '../school/sizes';
import { MARKS_OF_A_ROLL, putJson, roll } from '../school/traffic';
import { besideExpress } from './express';
import { expectMarks, marksIn } from './written';

export const rollPut: Row[] = [
  {
    id: 'B3',
    rollbook: 'roll PUT, 30 items, 64 connections',
    limit: 'Express 5 parses the same JSON and answers the same bytes',
    isOfEachNode: true,
    async measure(lab) {
      const school = await lab.school();
      const server = await lab.serve(school.url);
      const before = marksIn(school);
      const days = lab.quick ? 4 : 20;
      /** The rolls of some days, as they come: all sections within minutes, then the next day. */
      const rolls = (round: number) => rollsOf(school.sections, (round + 1) * days, days, school.client);
      const sample = await answerOf(server.address, rolls(-1)[0]!);
      const constant = { type: header(sample, 'content-type'), body: sample.body };
      const addresses = [
        server.address,
        await lab.express(constant),
        await lab.express({ ...constant, isFast: true }),
      ] as const;
      const [put, ...limits] = addresses.map(
        (address) => (round: number) =>
          expectAll(lab, 200, { address, connections: CONNECTIONS, requests: rolls(round) }),
      );
      const [plain, fast] = limits;
      for (const warmUp of [put, plain, fast]) await warmUp!(-1);
      const measured = await interleave(lab.rounds, put!, plain!, fast!);
      expectMarks(school, before + (lab.rounds + 1) * days * school.sections * MARKS_OF_A_ROLL);
      return besideExpress(measured, { plain: 1, fast: 0.35 });
    },
  },
];

/** The rolls of some days, from the first: all sections within minutes, then the next day. */
export const rollsOf = (sections: number, first: number, days: number, client: Client): Buffer[] =>
  Array.from({ length: days }, (_, day) => day).flatMap((day) =>
    sectionsUpTo(sections).map((section) => putJson(roll(section, day + first), client)),
  );
