import { setTimeout as wait } from 'node:timers/promises';
import type { Knex } from 'knex';
import { openDatabase } from '../../src/database/open';
import { settled } from '../settled';
import { openWorld, type World } from '../world';
import { attendanceOf, clientOf, envOf } from './many';
import { type RunningServer, startServer } from './process';

/** What a database does to a service in the middle of a write. */
jest.setTimeout(120_000);

let world: World;
let server: RunningServer;
let algebra: ReturnType<typeof attendanceOf>;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await server.stop('SIGTERM');
  await world.close();
});

const DAY = '2025-10-07';
async function start(env: NodeJS.ProcessEnv = {}, scopes?: string[]): Promise<void> {
  server = await startServer({ ...envOf(world), ...env });
  algebra = attendanceOf(server.url, world, (await clientOf(world, scopes)).token);
}
const rows = async () => {
  const { knex } = world.database;
  return Promise.all(['meetings', 'marks', 'journal'].map(async (table) => (await knex(table)).length));
};
/** In the place of a table: what lies in one section, so that its district waits, and no other. */
const ofAlgebra = 'sections of Larkspur';
/** Runs while another connection holds the table, so that a write of the service waits in its midst. */
async function whileHeld<T>(table: string, work: (holder: Knex.Transaction) => Promise<T>): Promise<T> {
  const other = openDatabase(world.url);
  const holder = await other.knex.transaction();
  try {
    if (table === ofAlgebra) await holder('sections').where({ id: world.sections.algebra }).forUpdate();
    else if (process.env.ENGINE === 'postgres') await holder.raw(`lock table ${table} in share mode`);
    else await holder('districts').update({ time_zone: 'UTC' });
    return await work(holder);
  } finally {
    await holder.rollback();
    await other.close();
  }
}

if (process.env.ENGINE === 'postgres') {
  /** The connections that wait for a lock, once there are any; asked outside of a transaction, which would not see news. */
  const waiting = async (knex: Knex): Promise<number[]> => {
    for (;;) {
      const { rows } = await knex.raw(
        "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      if (rows.length > 0) return rows.map(({ pid }: { pid: number }) => pid);
      await wait(20);
    }
  };

  test.each(['sections', 'marks', 'journal'])(
    'a connection that is killed while a write waits for %s ends it with 503, nothing half done, and the next goes through',
    async (table) => {
      await start();
      expect((await algebra.put([world.enrollments.ada, '2025-10-06', 3])).status).toBe(200);
      const before = await rows();
      const answer = await whileHeld(table, async (holder) => {
        const sent = algebra.put([world.enrollments.ada, DAY, 2], [world.enrollments.grace, DAY, 3]);
        for (const pid of await waiting(world.database.knex)) await holder.raw('select pg_terminate_backend(?)', [pid]);
        return sent;
      });
      expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toMatchObject([
        503,
        '1',
        { code: 'UNAVAILABLE' },
      ]);
      expect(await rows()).toEqual(before);
      const again = await algebra.put([world.enrollments.ada, DAY, 2], [world.enrollments.grace, DAY, 3]);
      expect([again.status, await algebra.totals()]).toEqual([200, { 2: 1, 3: 2 }]);
    },
  );

  test('every connection of the pool is killed at once, idle ones too, and the service goes on', async () => {
    await start();
    await Promise.all(Array.from({ length: 8 }, () => algebra.totals()));
    const { rows: killed } = await world.database.knex.raw(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    expect(killed.length).toBeGreaterThan(1);
    await wait(100);
    expect(await Promise.all(Array.from({ length: 8 }, () => algebra.totals()))).toEqual(Array(8).fill({}));
  });

  test('a statement that takes longer than it may is given up, with nothing done', async () => {
    await start({ DATABASE_TIMEOUT: '1' });
    const answer = await whileHeld('journal', () => algebra.put([world.enrollments.ada, DAY, 2]));
    expect([answer.status, await rows()]).toEqual([503, [0, 0, 0]]);
    expect((await algebra.put([world.enrollments.ada, DAY, 2])).status).toBe(200);
  });

  test('what hangs in one district leaves a connection to the others, and no more are opened than the pool may have', async () => {
    await start({ DATABASE_POOL: '3' });
    const { token } = await clientOf(world, ['attendance:read', 'attendance:write'], world.districts.elsewhere);
    const elsewhere = attendanceOf(server.url, world, token, world.sections.elsewhere);
    const sent = await whileHeld(ofAlgebra, async () => {
      const answers = Array.from({ length: 6 }, () => algebra.put([world.enrollments.ada, DAY, 2]));
      while ((await waiting(world.database.knex)).length < 2) await wait(20);
      expect((await elsewhere.put([world.enrollments.eve, DAY, 3])).status).toBe(200);
      expect(await elsewhere.totals()).toEqual({ 3: 1 });
      expect(await waiting(world.database.knex)).toHaveLength(2);
      return { answers };
    });
    expect((await Promise.all(sent.answers)).map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect(await algebra.totals()).toEqual({ 2: 1 });
  });

  describe('with a replica that lags behind', () => {
    let replica: World;
    beforeEach(async () => {
      replica = await openWorld();
      await replica.ledger.record([{ enrollment: replica.enrollments.grace, date: DAY, status: 4 }], replica.actor);
    });
    afterEach(() => replica.close());
    const onReplica = { 4: 1 };

    test('a client that may not write is answered by the replica', async () => {
      await start({ DATABASE_READ_URL: replica.url }, ['attendance:read', 'roster:read', 'admin']);
      expect(await algebra.totals()).toEqual(onReplica);
    });

    test('a client that may write reads what stands, its own writes at once', async () => {
      await start({ DATABASE_READ_URL: replica.url });
      expect(await algebra.totals()).toEqual({});
      for (const status of [2, 3, 4, 1]) {
        await algebra.put([world.enrollments.ada, DAY, status]);
        expect(await algebra.totals()).toEqual(status === 1 ? {} : { [status]: 1 });
      }
      // Grace's, of which no roll is taken, and nothing of Ada's.
      const history = await replica.ledger.history({ district: replica.districts.larkspur });
      expect(history.map(({ enrollment_id }) => enrollment_id)).toEqual([replica.enrollments.grace]);
    });

    test('changes are read from the database itself, whichever process is asked', async () => {
      server = await startServer({ ...envOf(world), DATABASE_READ_URL: replica.url }, '--workers', '2');
      algebra = attendanceOf(server.url, world, (await clientOf(world)).token);
      const { token } = await clientOf(world, ['attendance:read']);
      const ask = async () => {
        const answer = await fetch(`${server.url}/changes`, {
          headers: { Authorization: `Bearer ${token}`, Connection: 'close' }, // each may come to another process
        });
        const { changes } = (await answer.json()) as { changes: { kind: string; enrollment?: number }[] };
        return changes.filter(({ kind }) => kind === 'mark').map(({ enrollment }) => enrollment);
      };
      await algebra.put([world.enrollments.ada, DAY, 2]);
      await settled(world.database);
      for (let times = 0; times < 6; times++) expect(await ask()).toEqual([world.enrollments.ada]);
    });

    test('where the replica cannot be reached, who reads from it is told to come again', async () => {
      await start({ DATABASE_READ_URL: 'postgres://rollbook@127.0.0.1:1/nowhere' }, ['attendance:read']);
      const answer = await algebra.get();
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
      const writer = attendanceOf(server.url, world, (await clientOf(world)).token);
      expect((await writer.get()).status).toBe(200);
    });

    test('a replica that ends its connections is asked again at once', async () => {
      await start({ DATABASE_READ_URL: replica.url }, ['attendance:read']);
      const other = openDatabase(replica.url);
      const holder = await other.knex.transaction();
      await holder.raw('lock table sections in access exclusive mode');
      const sent = algebra.get();
      for (const pid of await waiting(replica.database.knex)) await holder.raw('select pg_terminate_backend(?)', [pid]);
      expect((await sent).status).toBe(503);
      await holder.rollback();
      await other.close();
      expect(await algebra.totals()).toEqual(onReplica);
    });

    test('without DATABASE_READ_URL nobody reads from it', async () => {
      await start({}, ['attendance:read']);
      expect(await algebra.totals()).toEqual({});
    });
  });
} else {
  test('a write waits for the one of another process, and holds up nothing else meanwhile', async () => {
    await start();
    const order: string[] = [];
    await whileHeld('the file', async () => {
      const sent = algebra.put([world.enrollments.ada, DAY, 2]).then(({ status }) => order.push(`PUT ${status}`));
      await wait(200);
      for (let read = 0; read < 20; read++) expect(await algebra.totals()).toEqual({});
      expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
      order.push('released');
      return { sent };
    }).then(({ sent }) => sent);
    expect(order).toEqual(['released', 'PUT 200']);
    expect([await algebra.totals(), await rows()]).toEqual([{ 2: 1 }, [1, 1, 2]]);
  });

  test('a write that waits for longer than ten seconds is answered 503, with nothing done', async () => {
    await start();
    const answer = await whileHeld('the file', () => algebra.put([world.enrollments.ada, DAY, 2]));
    expect([answer.status, answer.headers.get('retry-after'), await rows()]).toEqual([503, '1', [0, 0, 0]]);
    expect((await algebra.put([world.enrollments.ada, DAY, 2])).status).toBe(200);
  });
}
