import { type Roles, rolesIn, textIn } from './claims';
import { listOf, objectOf } from './json';
import { nextPage, objectIn, type Service, ServiceError } from './services';

/** NRPS 2.0, 2.2. */
const MEDIA_TYPE = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';
/** A course has no more members, nor does a platform say them in more pages. */
const MOST = 10_000;
const PAGES = 200;

/** Who is in a course, as the platform says. */
export interface Member {
  readonly user: string;
  /** Empty where the platform does not say it. */
  readonly name: string;
  readonly roles: Roles;
  /** Not one who was in it before, or whose access is suspended. */
  readonly active: boolean;
  /** What the SIS calls the person. */
  readonly person: string | undefined;
  readonly email: string | undefined;
}

/** The members of a course, page by page. Throws ServiceError. */
export async function* membersOf(service: Service, memberships: string): AsyncGenerator<Member[]> {
  let read = 0;
  const met = new Set<string>();
  for (let url: string | undefined = memberships; url !== undefined; ) {
    met.add(url);
    const answer = await service(url, { method: 'GET', headers: { Accept: MEDIA_TYPE } }, 'The members of the course');
    const members = listOf(objectIn(answer)?.members);
    if (!members) throw new ServiceError('The members of the course: the LMS answered something else.', answer.status);
    read += members.length;
    if (read > MOST) throw new ServiceError(`The course has more than ${MOST} members.`, answer.status);
    yield members.flatMap(memberIn);
    url = nextPage(answer, url);
    if (url !== undefined && (met.size >= PAGES || met.has(url)))
      throw new ServiceError('The members of the course: the LMS goes on with pages for ever.', answer.status);
  }
}

/** NRPS 2.0, 2.2: "status" is Active where it is not said. */
function memberIn(said: unknown): Member[] {
  const { user_id, status = 'Active', roles, lis_person_sourcedid, ...names } = objectOf(said) ?? {};
  const user = textIn(user_id);
  if (user === undefined) return [];
  const own = textIn(names.name);
  const parts = [textIn(names.given_name), textIn(names.family_name)].filter((part) => part !== undefined);
  return [
    {
      ...{ user, name: own ?? parts.join(' '), roles: rolesIn(roles), active: status === 'Active' },
      ...{ person: textIn(lis_person_sourcedid), email: textIn(names.email) },
    },
  ];
}
