import {
  DistrictBody,
  DistrictChangesQuery,
  DistrictChangesReply,
  DistrictReply,
} from '../../../schemas/rollbook/district';
import { type Manager, managerOf } from '../../clients/access';
import type { Caller } from '../../clients/client';
import { type Endpoint, endpoint } from '../../http/endpoint';
import { Problem } from '../../lib/problem';
import { openDistricts } from '../../roster/districts';
import { calledName } from '../../roster/names';
import { openSettingChanges, type SettingChange } from '../../roster/setting-changes';
import type { Dependencies } from '../dependencies';
import { numberOf, PAGE } from './parameters';

/** `/district`: where attendance is taken, and who has changed that, the clients and the codes. */
export function districtEndpoints({ database, clients }: Dependencies): Endpoint[] {
  const districts = openDistricts(database);
  const changes = openSettingChanges(database);

  function officeOf(caller: Caller): Manager {
    const manager = managerOf(caller);
    if (manager.school === null) return manager;
    throw new Problem('OFFICE_ONLY', 'The settings of the district are its office’s.');
  }

  return [
    endpoint({
      method: 'GET',
      path: '/',
      summary: 'Reads the settings of the district',
      scope: 'roster:read',
      current: true,
      schemas: { reply: DistrictReply },
      async handle({ caller }) {
        return { status: 200, body: await districts.get(String(caller.district)) };
      },
    }),
    endpoint({
      method: 'PATCH',
      path: '/',
      summary: 'Says whether the SIS takes attendance',
      scope: 'roster:write',
      schemas: { body: DistrictBody, reply: DistrictReply },
      async handle({ caller, body }) {
        return { status: 200, body: await districts.set(caller.district, body, officeOf(caller)) };
      },
    }),
    endpoint({
      method: 'GET',
      path: '/changes',
      summary: 'Lists what was changed of late of the API clients and of all settings',
      scope: 'access',
      current: true,
      schemas: { query: DistrictChangesQuery, reply: DistrictChangesReply },
      async handle({ caller, query }) {
        const found = await changes.list(officeOf(caller).district, numberOf(query.limit) ?? PAGE);
        const names = new Map((await clients.namesIn(caller.district)).map(({ id, name }) => [id, name]));
        const shown = found.map((change) => {
          const name = names.get(change.changed_client_id ?? 0) ?? change.school ?? '';
          return {
            ...{ at: change.at, what: change.what, client_id: change.changed_client_id, school_id: change.school_id },
            detail: [name, change.detail].filter(Boolean).join(' '),
            by: authorOf(change) || (names.get(change.client_id ?? 0) ?? ''),
            name,
            ...{ schools: change.schools, value: change.detail },
          };
        });
        return { status: 200, body: { changes: shown } };
      },
    }),
  ];
}

/** Empty where nobody was signed in, or is no longer there. */
const authorOf = (change: SettingChange): string =>
  calledName({
    given_name: change.by_given_name ?? '',
    preferred_name: change.by_preferred_name ?? '',
    family_name: change.by_family_name ?? '',
  });
