import { officeRoles, teacherRoles } from './roles';

const among = (roles: readonly string[]) => `people.role in (${roles.map((role) => `'${role}'`).join(', ')})`;

/** Joins to `api_clients` the person for whom the client acts, if there is one. */
export const withPerson = `left join sign_ins on sign_ins.client_id = api_clients.id
      and sign_ins.district_id = api_clients.district_id
    left join people on people.id = coalesce(sign_ins.person_id, api_clients.person_id)
      and people.district_id = api_clients.district_id`;

/**
 * A client stands until it is revoked or its person has left; one that was made for somebody to sign in with, also only as long
 * as they have the role it was made for.
 */
export const stands = `api_clients.revoked_at is null
      and (people.id is null or people.active)
      and (sign_ins.client_id is null
        or (api_clients.person_id is null and ${among(officeRoles)})
        or (api_clients.person_id is not null and ${among(teacherRoles)}))`;
