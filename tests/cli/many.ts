import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { openClients } from '../../src/clients/clients';
import { secretsWith } from '../../src/clients/secrets';
import type { World } from '../world';

export const SECRET = 'a key that is used in tests alone';

/** The environment of a service on the world's database. */
export const envOf = (world: World): NodeJS.ProcessEnv => ({ DATABASE_URL: world.url, ROLLBOOK_SECRET_KEY: SECRET });

/** A new client, of Larkspur where no other district is named. */
export const clientOf = (
  world: World,
  scopes = ['attendance:read', 'attendance:write'],
  district = world.districts.larkspur,
) =>
  openClients(world.database, secretsWith([SECRET])).create({
    district,
    name: 'test',
    scopes,
  });

/** Statuses in a section, Algebra where none is named, as a client of the service reads and writes them. */
export function attendanceOf(url: string, { sections }: World, token: string, section = sections.algebra) {
  const address = `${url}/v1/sections/${section}/attendance`;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return {
    put: (...marks: [enrollment_id: number, date: string, status: number][]) =>
      fetch(address, {
        method: 'PUT',
        headers,
        body: JSON.stringify({
          attendances: { attendance: marks.map(([enrollment_id, date, status]) => ({ enrollment_id, date, status })) },
        }),
      }),
    get: () => fetch(address, { headers }),
    /** How many are absent, late and excused. */
    async totals(): Promise<Record<string, number>> {
      const { totals } = (await (await fetch(address, { headers })).json()) as {
        totals: { total: { status: number; count: number }[] };
      };
      return Object.fromEntries(totals.total.map(({ status, count }) => [status, count]));
    },
  };
}

/**
 * An absence whose body is not all there until it is finished; resolves once the service has begun with it, of which it tells
 * by 100 Continue (RFC 9110, 10.1.1).
 */
export async function slowPut(url: string, token: string, section: number, enrollment_id: number, date = '2025-10-07') {
  const body = JSON.stringify({ attendances: { attendance: { enrollment_id, date, status: 2 } } });
  const put = request(`${url}/v1/sections/${section}/attendance`, {
    method: 'PUT',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', Expect: '100-continue' },
  });
  put.flushHeaders();
  const status = once(put, 'response').then(([response]) => response.resume().statusCode as number);
  await once(put, 'continue');
  put.write(body.slice(0, 10));
  return {
    finish: () => {
      put.end(body.slice(10));
      return status;
    },
  };
}

/** Resolves as soon as nobody listens there any more. */
export async function closed(url: string): Promise<void> {
  const answers = () =>
    fetch(`${url}/healthz`).then(
      () => true,
      () => false,
    );
  while (await answers()) await wait(20);
}
