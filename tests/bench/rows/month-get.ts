import type { Lab } from '../lab';
import { answerOf, header } from '../load/answer';
import type { LoadResult } from '../load/load';
import { perSecond, steady } from '../load/measure';
import { bearer, NONCE, plaintext } from '../load/request';
import type { Server } from '../processes/rollbook';
import { interleave, median } from '../rounds';
import { type Finding, type Row, ratio } from '../row';
import type { School } from '../school/build';
import { sectionsUpTo } from '../school/sizes';
import { month } from '../school/traffic';

type Headers = Readonly<Record<string, string>>;
type Round = () => Promise<LoadResult>;
export const rate = (results: readonly LoadResult[]): number => median(results.map(perSecond));

export const monthGet: Row[] = [
  {
    id: 'B4',
    rollbook: 'GET one month of a section of 30, JSON, Bearer',
    limit: 'Express 5 answers the same bytes from a constant',
    measure: (lab) => monthBesideConstant(lab, bearer),
  },
  {
    id: 'B4',
    rollbook: 'the same, OAuth PLAINTEXT',
    limit: 'Express 5 answers the same bytes from a constant',
    measure: (lab) => monthBesideConstant(lab, plaintext),
  },
  {
    id: 'B5',
    rollbook: 'GET one month, XML, Bearer',
    limit: 'the same in JSON',
    async measure(lab) {
      const { school, server } = await served(lab);
      const asked = { ...bearer(school.client), Accept: 'text/xml' };
      const type = header(await answerOf(server.address, month(1, asked)), 'content-type');
      if (!type.startsWith('text/xml')) throw new Error(`XML was asked for, ${type} was answered.`);
      const inXml = await months(lab, school, server, asked);
      const [xml, json] = await interleave(lab.rounds, inXml, await months(lab, school, server));
      return [ratio(rate(xml), rate(json), 'requests/s', { atLeast: 0.85 })];
    },
  },
  {
    id: 'B7',
    rollbook: 'conditional GET answered 304',
    limit: 'Express 5 answers the month from a constant',
    async measure(lab) {
      const { school, server } = await served(lab);
      const requests: Buffer[] = [];
      for (const section of sectionsUpTo(school.sections)) {
        const etag = header(await answerOf(server.address, month(section, bearer(school.client))), 'etag');
        requests.push(month(section, { ...bearer(school.client), 'If-None-Match': etag }));
      }
      const unchanged = await steady(lab, server.address, requests, { status: 304 });
      const [rollbook, limit] = await interleave(lab.rounds, unchanged, await constantMonth(lab, school, server));
      return [ratio(rate(rollbook), rate(limit), 'requests/s', { atLeast: 0.9 })];
    },
  },
];

async function monthBesideConstant(lab: Lab, sign: typeof bearer): Promise<Finding[]> {
  const { school, server } = await served(lab);
  const signed = sign(school.client);
  const month = await months(lab, school, server, signed);
  const [rollbook, limit] = await interleave(lab.rounds, month, await constantMonth(lab, school, server, signed));
  return [ratio(rate(rollbook), rate(limit), 'requests/s', { atLeast: 0.7 })];
}

/** The school with 100,000 marks, served by one process. */
export async function served(lab: Lab): Promise<{ school: School; server: Server }> {
  const school = await lab.school();
  return { school, server: await lab.serve(school.url) };
}

/** The same month of one section after the other, again and again, as front ends ask for it. */
export function months(
  lab: Lab,
  { client, sections }: School,
  { address }: Pick<Server, 'address'>,
  headers: Headers = bearer(client),
): Promise<Round> {
  const requests = sectionsUpTo(sections).map((section) => month(section, headers));
  return steady(lab, address, requests, requests[0]!.includes(NONCE) ? { nonce: NONCE } : {});
}

/** A month of a section as rollbook answers it, from Express, to the same requests. */
async function constantMonth(lab: Lab, school: School, server: Server, headers?: Headers): Promise<Round> {
  const sample = await answerOf(server.address, month(1, bearer(school.client)));
  const express = await lab.express({ type: header(sample, 'content-type'), body: sample.body });
  return months(lab, school, { address: express }, headers);
}
