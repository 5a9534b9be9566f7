import type { Caller } from '../../../clients/caller';
import { today } from '../../../days';
import { calledName } from '../../../roster/names';
import type { PersonRow } from '../../../roster/rows';
import type { House } from '../../house';

/** Who is signed in, as the pages have to know it. */
export async function who({ roster, clients }: House, caller: Caller): Promise<object> {
  const [district, name] = await Promise.all([roster.district(caller), clients.nameOf(caller)]);
  const person = caller.person === null ? null : await roster.one<PersonRow>('person', caller, String(caller.person));
  return {
    district,
    today: today(district.time_zone),
    person: person && { id: person.id, name: calledName(person) },
    client: { id: caller.client, name },
    scopes: [...caller.scopes],
  };
}
