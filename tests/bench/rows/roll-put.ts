import { answerOf, header } from '../load/answer';
import { CONNECTIONS, expectAll, perSecond } from '../load/measure';
import { interleave, median } from '../rounds';
import { type Row, ratio } from '../row';
import type { Client } from '../school/client';
import { sectionsUpTo } from '../school/sizes';
import { MARKS_OF_A_ROLL, putJson, roll } from '../school/traffic';
import { expectMarks, marksIn } from './written';

export const rollPut: Row[] = [
  {
    id: 'B3',
    rollbook: 'roll PUT, 30 items, 64 connections',
    limit: 'Express 5 parses the same JSON and answers the same bytes',
    async measure(lab) {
      const school = await lab.school();
      const server = await lab.serve(school.url);
      const before = marksIn(school);
      const days = lab.quick ? 4 : 20;
      /** The rolls of some days, as they come: all sections within minutes, then the next day. */
      const rolls = (round: number) => rollsOf(school.sections, (round + 1) * days, days, school.client);
      const sample = await answerOf(server.address, rolls(-1)[0]!);
      const express = await lab.express({ type: header(sample, 'content-type'), body: sample.body });
      const puts = (address: typeof express) => (round: number) =>
        expectAll(lab, 200, { address, connections: CONNECTIONS, requests: rolls(round) });
      await puts(server.address)(-1);
      await puts(express)(-1);
      const [rollbook, limit] = await interleave(lab.rounds, puts(server.address), puts(express));
      expectMarks(school, before + (lab.rounds + 1) * days * school.sections * MARKS_OF_A_ROLL);
      return [ratio(median(rollbook.map(perSecond)), median(limit.map(perSecond)), 'requests/s', { atLeast: 0.7 })];
    },
  },
];

const rollsOf = (sections: number, first: number, days: number, client: Client): Buffer[] =>
  Array.from({ length: days }, (_, day) => day).flatMap((day) =>
    sectionsUpTo(sections).map((section) => putJson(roll(section, day + first), client)),
  );
