import { idOn } from '../../../src/days';
import type { Lab } from '../lab';
import { type Answer, answerOf } from '../load/answer';
import { steady } from '../load/measure';
import { wire } from '../load/request';
import type { Server } from '../processes/rollbook';
import { interleave } from '../rounds';
import { type Finding, type Row, ratio } from '../row';
import type { School } from '../school/build';
import { schoolDays, sectionsUpTo } from '../school/sizes';
import { rate } from './express';
import { months, served } from './month-get';

export const apis: Row[] = [
  {
    id: 'B8',
    rollbook: 'Wix: pages of 50 attendances, one after the other',
    limit: 'GET one month, JSON, Bearer',
    measure: (lab) => pagesBesideMonths(lab, wixPages, 0.3),
  },
  {
    id: 'B8',
    rollbook: 'OSDI: the 30 attendances of an event',
    limit: 'GET one month, JSON, Bearer',
    measure: (lab) => pagesBesideMonths(lab, osdiPages, 0.35),
  },
];

type Pages = (school: School, server: Server) => Promise<Buffer[]>;

async function pagesBesideMonths(lab: Lab, pagesOf: Pages, atLeast: number): Promise<Finding[]> {
  const { school, server } = await served(lab);
  const pages = await steady(lab, server.address, await pagesOf(school, server));
  const [rollbook, limit] = await interleave(lab.rounds, pages, await months(lab, school, server));
  return [ratio(rate(rollbook), rate(limit), 'requests/s', { atLeast })];
}

/** A walk through what was missed, as its client does it: each page by the cursor of the one before. */
async function wixPages({ client }: School, { address }: Server): Promise<Buffer[]> {
  const query = (body: object) =>
    wire({
      method: 'POST',
      path: '/bookings/bookings-attendance/query',
      headers: { Authorization: client.token, 'Content-Type': 'application/json' },
      body: JSON.stringify({ query: body }),
    });
  const pages = [query({ filter: { status: 'NOT_ATTENDED' }, cursorPaging: { limit: 50 } })];
  while (pages.length < 50) {
    const { attendances, pagingMetadata } = bodyOf(await answerOf(address, pages.at(-1)!));
    if (attendances.length !== 50) throw new Error(`A page of 50 has ${attendances.length}.`);
    pages.push(query({ cursorPaging: { limit: 50, cursor: pagingMetadata.cursors.next } }));
  }
  return pages;
}

async function osdiPages({ client, sections }: School, { address }: Server): Promise<Buffer[]> {
  const pages = sectionsUpTo(sections).map((section) =>
    wire({
      path: `/osdi/api/v1/events/${idOn(section, schoolDays[20]!)}/attendances?per_page=30`,
      headers: { 'OSDI-API-Token': client.token },
    }),
  );
  const { total_records } = bodyOf(await answerOf(address, pages[0]!));
  if (total_records !== 30) throw new Error(`An event of 30 has ${total_records} attendances.`);
  return pages;
}

function bodyOf({ status, body }: Answer) {
  if (status !== 200) throw new Error(`${status}: ${body}`);
  return JSON.parse(body.toString());
}
