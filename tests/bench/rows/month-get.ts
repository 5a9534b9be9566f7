import type { Lab } from '../lab';
import { answerOf, header } from '../load/answer';
import type { LoadResult } from '../load/load';
import { steady } from '../load/measure';
import { bearer, NONCE, plaintext } from '../load/request';
import type { Server } from '../processes/rollbook';
import { interleave } from '../rounds';
import { type Finding, type Row, ratio } from '../row';
import type { School } from '../school/build';
import { sectionsUpTo } from '../school/sizes';
import { month } from '../school/traffic';
import { besideExpress, rate } from './express';

type Headers = Readonly<Record<string, string>>;
type Round = () => Promise<LoadResult>;

export const monthGet: Row[] = [
  {
    id: 'B4',
    rollbook: 'GET one month of a section of 30, JSON, Bearer',
    limit: 'Express 5 answers the same bytes from a constant',
    isOfEachNode: true,
    measure: (lab) => monthBesideConstant(lab, bearer, { plain: 1, fast: 0.35 }),
  },
  {
    id: 'B4',
    rollbook: 'the same, OAuth PLAINTEXT',
    limit: 'Express 5 answers the same bytes from a constant',
    isOfEachNode: true,
    measure: (lab) => monthBesideConstant(lab, plaintext, { plain: 0.9, fast: 0.3 }),
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
    isOfEachNode: true,
    async measure(lab) {
      const { school, server } = await served(lab);
      const requests: Buffer[] = [];
      for (const section of sectionsUpTo(school.sections)) {
        const etag = header(await answerOf(server.address, month(section, bearer(school.client))), 'etag');
        requests.push(month(section, { ...bearer(school.client), 'If-None-Match': etag }));
      }
      const unchanged = await steady(lab, server.address, requests, { status: 304 });
      const constants = await constantMonths(lab, school, server);
      return besideExpress(await interleave(lab.rounds, unchanged, ...constants), { plain: 1.3, fast: 0.45 });
    },
  },
];

async function monthBesideConstant(
  lab: Lab,
  sign: typeof bearer,
  atLeast: { plain: number; fast: number },
): Promise<Finding[]> {
  const { school, server } = await served(lab);
  const signed = sign(school.client);
  const month = await months(lab, school, server, signed);
  const constants = await constantMonths(lab, school, server, signed);
  return besideExpress(await interleave(lab.rounds, month, ...constants), atLeast);
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

/** A month of a section as rollbook answers it, from Express and from fast Express, to the same requests. */
async function constantMonths(
  lab: Lab,
  school: School,
  server: Server,
  headers?: Headers,
): Promise<[plain: Round, fast: Round]> {
  const sample = await answerOf(server.address, month(1, bearer(school.client)));
  const constant = { type: header(sample, 'content-type'), body: sample.body };
  const from = async (isFast: boolean) =>
    months(lab, school, { address: await lab.express({ ...constant, isFast }) }, headers);
  return [await from(false), await from(true)];
}
