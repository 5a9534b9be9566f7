import type { Database } from '../../database/database';
import { text } from '../../database/query';
import { integer } from '../../database/rows';
import { Problem } from '../../lib/problem';
import type { Credential } from './credentials';

/**
 * A credential whose caller acts as the person that the header names: what the person may not see, the call may not
 * see. Needs the scope `admin`. A person of another district is as unknown as nobody.
 */
export function actingAs(database: Database, header: string, credential: Credential): Credential {
  const find = text(
    database.knex,
    'select people.id from people where people.id = :id and people.district_id = :district and people.active',
    { id: integer },
  );
  return {
    challenge: credential.challenge,
    async identify(presented) {
      const caller = await credential.identify(presented);
      const named = presented.headers[header.toLowerCase()];
      if (!caller || named === undefined) return caller;
      // Who meant to act as somebody must not act with all rights of the client.
      if (named === '') throw new Problem('REQUEST_MALFORMED', `${header} must be the id of a person; it is empty.`);
      if (!caller.scopes.has('admin')) throw new Problem('SCOPE_MISSING', `${header} needs the scope admin.`);
      if (typeof named !== 'string' || !/^\d{1,15}$/.test(named))
        throw new Problem('REQUEST_MALFORMED', `${header} must be the id of a person.`);
      const [person] = await database.all(find, { id: named, district: caller.district });
      if (!person || (caller.person !== null && caller.person !== person.id))
        throw new Problem('PERSON_FORBIDDEN', `The client may not act as person ${named}.`);
      return { ...caller, person: person.id };
    },
  };
}
