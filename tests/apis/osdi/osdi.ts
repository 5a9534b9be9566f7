import type { Test } from 'supertest';
import { idOn } from '../../../src/days';
import { type Api, openApi } from '../../api';

export const BASE = '/osdi/api/v1';

/** The small school as an OSDI client calls it: paths below the base, or hrefs as they come in links. */
export interface Osdi extends Record<'get' | 'post' | 'put' | 'patch' | 'delete' | 'options', (at: string) => Test> {
  readonly api: Api;
  as(client: Parameters<Api['as']>[0]): Promise<Osdi>;
}

export const openOsdi = async (): Promise<Osdi> => osdiOf(await openApi());

function osdiOf(api: Api): Osdi {
  const call = (verb: 'get' | 'post' | 'put' | 'patch' | 'delete' | 'options') => (at: string) =>
    api[verb](at.startsWith(api.url) ? at.slice(api.url.length) : BASE + at)
      .unset('Authorization')
      .set('OSDI-API-Token', api.token);
  return {
    api,
    as: async (client) => osdiOf(await api.as(client)),
    get: call('get'),
    post: call('post'),
    put: call('put'),
    patch: call('patch'),
    delete: call('delete'),
    options: call('options'),
  };
}

export const DAY = '2025-10-01';

/** Schedules the day's meeting of Algebra, whose roll is not taken, and says its path. */
export async function scheduled({ api }: Osdi, date = DAY, section = api.world.sections.algebra): Promise<string> {
  await api.world.ledger.schedule(section, date, api.world.actor);
  return `/events/${idOn(section, date)}`;
}

/** Everything that a refusal must not have changed. */
export async function everything({ api }: Osdi): Promise<unknown> {
  const { knex } = api.world.database;
  const tables = [
    'meetings',
    'marks',
    'journal',
    'osdi_attendances',
    'osdi_identifiers',
    'people',
    'enrollments',
    'kept_days',
  ];
  return Promise.all(tables.map((table) => knex(table).select().orderBy(1)));
}

/** The error as OSDI says it, of the one resource that there is. */
export const errorOf = (body: { 'osdi:error': { resource_status: { error_descriptions: unknown[] }[] } }) =>
  body['osdi:error'].resource_status[0]!.error_descriptions[0];
