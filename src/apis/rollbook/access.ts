import {
  AccessChangesQuery,
  AccessChangesReply,
  AccessQuery,
  AccessReply,
  type Invitations,
  InvitationsBody,
  InvitationsReply,
  RoleBody,
} from '../../../schemas/rollbook/access';
import type { TypeOf } from '../../../schemas/types';
import { readOf } from '../../audit/read';
import { AT_ONCE, type Manager, managerOf, openAccess, type Staff } from '../../clients/access';
import { type Caller, memberOf } from '../../clients/client';
import { linkOf } from '../../clients/invitations';
import { LONG } from '../../clients/sessions';
import { type Endpoint, endpoint } from '../../http/endpoint';
import { Problem } from '../../lib/problem';
import { calledName } from '../../roster/names';
import type { Dependencies } from '../dependencies';
import { invitationLetter } from './letters';
import { numberOf, PAGE } from './parameters';

/** For how many days an invitation is good where nobody says so; and how many seconds one has. */
const DAYS = 7;
const DAY = 86_400;

type Made = Invitations['invitations'][number];

/** `/access`: who may sign in. The office invites them, ends their sessions, and takes their access away. */
export function accessEndpoints({ database, clients, roster, mailer }: Dependencies): Endpoint[] {
  const access = openAccess(database, clients);
  const common = { scope: 'access', current: true } as const;

  /** The people that a body names: some of them, or all teachers of a school. */
  async function invitedBy(
    caller: Caller,
    manager: Manager,
    { people, school, only_signed_out }: TypeOf<typeof InvitationsBody>,
  ): Promise<readonly number[]> {
    if ((people === undefined) === (school === undefined))
      throw wrong('people', 'or school, one of the two, is needed');
    if (people) {
      if (only_signed_out !== undefined) throw wrong('only_signed_out', 'goes with school alone');
      return people;
    }
    await roster.one('school', caller, String(school));
    if (manager.school !== null && manager.school !== school)
      throw new Problem('OFFICE_ONLY', 'Who has access to another school is the office’s of that school to say.');
    const teachers = await access.teachers(manager, school!, only_signed_out ?? false);
    if (teachers.length > AT_ONCE)
      throw wrong(
        'school',
        `has ${teachers.length} teachers, and up to ${AT_ONCE} are invited at once: name them by people`,
      );
    return teachers;
  }

  /** False where too much mail waits already: the link is handed out otherwise. */
  function send(district: number, place: string, { name, email: to, link, expires_at }: Omit<Made, 'mailed'>): boolean {
    const until = `${expires_at.slice(0, 16).replace('T', ' ')} UTC`;
    return mailer!.send({
      ...invitationLetter({ district, place, name, to, link, until }),
      until: Math.min(Date.parse(expires_at), Date.now() + DAY * 1_000),
    });
  }

  return [
    endpoint({
      ...common,
      method: 'GET',
      path: '/people',
      summary: 'Lists who works in a school: who may sign in, and where they are signed in',
      errors: ['NOT_FOUND'],
      schemas: { query: AccessQuery, reply: AccessReply },
      async handle({ caller, query }) {
        const manager = managerOf(caller);
        const school = query.school === undefined ? null : (await roster.one('school', caller, query.school)).id;
        const [limit, offset] = [numberOf(query.limit) ?? PAGE, numberOf(query.offset) ?? 0];
        const asked = { school, search: query.search ?? '', limit, offset };
        const { total, people: found } = await access.list(manager, asked);
        const people = found.map(personOf);
        return { status: 200, body: { total, people }, reads: readsOf(people, { school }) };
      },
    }),
    endpoint({
      ...common,
      method: 'POST',
      path: '/invitations',
      summary: 'Invites people: a link for each, which signs them in once',
      successes: [201],
      errors: ['NOT_FOUND', 'CREDENTIALS_INSECURE'],
      heavy: true,
      schemas: { body: InvitationsBody, reply: InvitationsReply },
      async handle({ caller, body, link, confidential }) {
        if (!confidential) throw new Problem('CREDENTIALS_INSECURE');
        const manager = managerOf(caller);
        const { days = DAYS, end_sessions: endSessions = false, mail = false } = body;
        if (mail && !mailer) throw wrong('mail', 'cannot be sent: SMTP_URL is not set');
        const people = await invitedBy(caller, manager, body);
        const invited = await access.invite(manager, people, { seconds: days * DAY, endSessions });
        const { name: place } = await roster.district(caller);
        const invitations = invited.map(({ token, expires_at, ...of }) => {
          const invitation = { ...of, link: linkOf(link(''), token), expires_at };
          return { ...invitation, mailed: mail && of.email !== '' && send(caller.district, place, invitation) };
        });
        return { status: 201, body: { invitations }, headers: { 'Cache-Control': 'no-store' } };
      },
    }),
    endpoint({
      ...common,
      method: 'DELETE',
      path: '/people/:person/sessions',
      summary: 'Ends the sessions of a person, wherever they are signed in, and removes their passkeys',
      successes: [204],
      async handle({ caller, params }) {
        await access.endSessions(managerOf(caller), idOf(params.person));
        return { status: 204 };
      },
    }),
    endpoint({
      ...common,
      method: 'DELETE',
      path: '/people/:person',
      summary: 'Takes the access of a person away, until they are invited again',
      successes: [204],
      errors: ['PERSON_FORBIDDEN'],
      async handle({ caller, params }) {
        await access.revoke(managerOf(caller), idOf(params.person));
        return { status: 204 };
      },
    }),
    endpoint({
      ...common,
      method: 'PUT',
      path: '/people/:person/role',
      summary: 'Gives a person a role in the office of a school, and signs them out',
      successes: [204],
      errors: ['PERSON_FORBIDDEN'],
      schemas: { body: RoleBody },
      async handle({ caller, params, body: { role, school: asked } }) {
        const { id: school } = await roster.one('school', caller, String(asked));
        await access.setRole(managerOf(caller), idOf(params.person), { role, school });
        return { status: 204 };
      },
    }),
    endpoint({
      ...common,
      method: 'DELETE',
      path: '/people/:person/role',
      summary: 'Takes the role from a person that the office has given them',
      successes: [204],
      errors: ['PERSON_FORBIDDEN'],
      async handle({ caller, params }) {
        await access.setRole(managerOf(caller), idOf(params.person), null);
        return { status: 204 };
      },
    }),
    endpoint({
      ...common,
      method: 'GET',
      path: '/changes',
      summary: 'Lists what was done of late about who may sign in',
      schemas: { query: AccessChangesQuery, reply: AccessChangesReply },
      async handle({ caller, query }) {
        const found = await access.changes(managerOf(caller), numberOf(query.limit) ?? PAGE);
        const names = new Map((await clients.namesIn(caller.district)).map(({ id, name }) => [id, name]));
        const changes = found.map(({ at, what, person_id, client_id, role, school, ...row }) => ({
          ...{ at, what, person_id, role, school: school ?? '' },
          name: nameOf(row.given_name, row.preferred_name, row.family_name),
          by: nameOf(row.by_given_name, row.by_preferred_name, row.by_family_name) || (names.get(client_id ?? 0) ?? ''),
        }));
        return { status: 200, body: { changes }, reads: readsOf(changes) };
      },
    }),
  ];
}

const personOf = (person: Staff) => ({
  person_id: person.id,
  name: calledName(person),
  role: person.role,
  access: memberOf(person)?.role ?? null,
  access_school_id: person.given_school_id,
  email: person.email,
  school_id: person.school_id,
  used_at: person.used_at,
  sessions: person.sessions.map(({ created_at, used_at, expires_at, session_seconds }) => ({
    began_at: created_at,
    used_at,
    ends_at: expires_at,
    own_device: session_seconds === LONG,
  })),
  passkeys: person.passkeys,
  invited_until: person.invited_until,
  revoked_at: person.revoked_at,
});

/** Empty where there is no such person, or no longer. */
const nameOf = (given_name: string | null, preferred_name: string | null, family_name: string | null): string =>
  calledName({ given_name: given_name ?? '', preferred_name: preferred_name ?? '', family_name: family_name ?? '' });

const readsOf = (rows: readonly { readonly person_id: number }[], of = {}) =>
  readOf(
    rows.map(({ person_id }) => person_id),
    of,
  );

const wrong = (field: string, message: string): Problem =>
  new Problem('BODY_INVALID', `${field} ${message}.`, { violations: [{ field, message }] });

function idOf(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new Problem('NOT_FOUND', `There is no person ${text.slice(0, 60)} here.`);
  return Number(text);
}
