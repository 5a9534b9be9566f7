import { addressIn } from '../claims';
import { listOf, objectOf } from '../json';
import { jsonIn, nextPage, objectIn, type Service, ServiceError } from '../services';

/* The column of grades that is rollbook's, and what is written in it: Assignment and Grade Services 2.0. */

const LINE_ITEM = 'application/vnd.ims.lis.v2.lineitem+json';
const LINE_ITEMS = 'application/vnd.ims.lis.v2.lineitemcontainer+json';
const SCORE = 'application/vnd.ims.lis.v1.score+json';

/** By which the column is known among others of rollbook, whatever a teacher calls it. */
const TAG = 'rollbook-attendance';
/** How many pages of columns are looked through. */
const PAGES = 20;

/** What a score is out of. */
export const MAXIMUM = 100;

/** What is sent of a student; without a grade the platform is to forget the one before. */
export interface SentScore {
  readonly user: string;
  readonly grade: number | undefined;
  readonly comment: string;
  readonly timestamp: string;
}

/** The address of the column for a section: the one with its tag and resource, else one that is made. Throws ServiceError. */
export async function lineItemOf(service: Service, lineItems: string, section: number): Promise<string> {
  const found = await foundLineItem(service, lineItems, String(section));
  if (found) return found;
  const body = { label: 'Attendance', scoreMaximum: MAXIMUM, tag: TAG, resourceId: String(section) };
  const headers = { Accept: LINE_ITEM, 'Content-Type': LINE_ITEM };
  const made = await service(
    lineItems,
    { method: 'POST', headers, body: JSON.stringify(body) },
    'A new column of grades',
  );
  const id = addressIn(objectIn(made)?.id);
  if (!id) throw new ServiceError('A new column of grades: the LMS did not say its address.', made.status);
  return id;
}

/** AGS 2.0, 3.2.5: "tag" and "resource_id" filter; a platform that does not filter answers all, so that it is looked at here, too. */
async function foundLineItem(service: Service, lineItems: string, resource: string): Promise<string | undefined> {
  const first = new URL(lineItems);
  first.searchParams.set('tag', TAG);
  first.searchParams.set('resource_id', resource);
  let url: string | undefined = first.href;
  for (let page = 0; url !== undefined && page < PAGES; page++) {
    const answer = await service(url, { method: 'GET', headers: { Accept: LINE_ITEMS } }, 'The columns of grades');
    const items = listOf(jsonIn(answer));
    if (!items) throw new ServiceError('The columns of grades: the LMS answered something else.', answer.status);
    const own = items.map(objectOf).find((item) => item?.tag === TAG && String(item.resourceId) === resource);
    const id = addressIn(own?.id);
    if (id) return id;
    url = nextPage(answer, url);
  }
  return undefined;
}

/** Whether the column is still there. Throws ServiceError where that cannot be said. */
export async function isThere(service: Service, lineItem: string): Promise<boolean> {
  const { status } = await service(lineItem, { method: 'GET', headers: { Accept: LINE_ITEM } }, 'The column of grades');
  return status !== 404;
}

/** Sends a score; the status of the answer, of which some say that the student is not there. Throws ServiceError. */
export async function sendScore(
  service: Service,
  lineItem: string,
  { user, grade, comment, timestamp }: SentScore,
): Promise<number> {
  const url = new URL(lineItem);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/scores`; // AGS 2.0, 3.4: before the query
  const body = {
    ...{ userId: user, timestamp, comment },
    // 3.4.4: a score without "scoreGiven" has the platform clear the one that it has.
    ...(grade === undefined
      ? { activityProgress: 'Initialized', gradingProgress: 'NotReady' }
      : { scoreGiven: grade, scoreMaximum: MAXIMUM, activityProgress: 'Completed', gradingProgress: 'FullyGraded' }),
  };
  const asked = { method: 'POST', headers: { 'Content-Type': SCORE }, body: JSON.stringify(body) } as const;
  return (await service(url.href, asked, 'A score')).status!;
}
