import { setTimeout as wait } from 'node:timers/promises';
import { openDatabase } from '../../src/database/open';
import { text } from '../../src/database/query';
import { bit, integer } from '../../src/database/rows';
import { openFeed } from '../../src/feed/feed';
import { START } from '../../src/feed/position';
import { openLedger } from '../../src/ledger/ledger';
import { settled } from '../settled';
import { openChecked, openWorld, type World } from '../world';
import { followerOf, gapsIn } from './following';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const onPostgres = process.env.ENGINE === 'postgres';
const date = '2025-10-07';

/** A second process. */
async function asAnother<T>(work: (other: Pick<World, 'database' | 'ledger'>) => Promise<T>): Promise<T> {
  const database = openChecked(world.url);
  try {
    return await work({ database, ledger: openLedger(database) });
  } finally {
    await database.close();
  }
}

/** The ids of all changes that there are. */
const ids = async () => {
  const rows = await world.database.all(
    text(
      world.database.knex,
      'select journal.id from journal order by journal.id',
      { id: integer },
      {
        acrossDistricts: 'all of them',
      },
    ),
  );
  return rows.map(({ id }) => id);
};

test('of writers of which one is held open for seconds, while others commit, a poller reads every change once, in order', async () => {
  const { ledger, actor, enrollments, sections } = world;
  const follower = followerOf(openFeed(world.database), actor);
  let open = true;
  await asAnother(async (other) => {
    const held = other.ledger.open(async (transaction) => {
      await transaction.record([{ enrollment: enrollments.ada, date, status: 2 }], actor);
      await wait(onPostgres ? 2_500 : 1_000);
      await transaction.record([{ enrollment: enrollments.ada, date, status: 3 }], actor);
    });
    const writes = (async () => {
      for (let nth = 0; open; nth++) {
        await ledger.record([{ enrollment: enrollments.adaInBiology, date, status: nth % 2 ? 2 : 3 }], actor);
        await wait(20);
      }
    })();
    const polls = (async () => {
      while (open) {
        await follower.readOn(3);
        await wait(5);
      }
    })();
    await held;
    open = false;
    await Promise.all([writes, polls]);
  });
  await settled(world.database);
  await follower.catchUp();
  const read = follower.changes.map(({ id }) => id);
  expect(new Set(read).size).toBe(read.length);
  expect([...read].sort((one, other) => one - other)).toEqual(await ids());
  expect(gapsIn(follower.changes)).toEqual([]);
  const ofAlgebra = follower.changes.filter(({ section }) => section === sections.algebra);
  expect(ofAlgebra).toMatchObject([
    { kind: 'mark', status: 2, revision: 1 },
    { kind: 'mark', status: 3, revision: 2 },
  ]);
});

if (onPostgres) {
  test('`now`, and the place of an empty page, are not beyond a transaction that still runs', async () => {
    const { actor, enrollments } = world;
    const feed = openFeed(world.database);
    await world.ledger.record([{ enrollment: enrollments.adaInBiology, date, status: 2 }], actor);
    await settled(world.database);
    let [now, next] = [START, START];
    await asAnother((other) =>
      other.ledger.open(async (transaction) => {
        await transaction.record([{ enrollment: enrollments.ada, date, status: 2 }], actor);
        await world.ledger.record([{ enrollment: enrollments.adaInBiology, date, status: 3 }], actor);
        now = await feed.now(actor.district);
        const page = { section: null, school: null, limit: 100 };
        ({ next } = await feed.read(actor, { ...page, after: START }));
        expect(await feed.read(actor, { ...page, after: next })).toMatchObject({ changes: [], more: false });
      }),
    );
    await settled(world.database);
    for (const after of [now, next]) {
      const follower = followerOf(feed, actor, { after });
      await follower.catchUp();
      expect(follower.changes.map(({ revision, section }) => [section, revision])).toEqual([
        [world.sections.algebra, 1],
        [world.sections.biology, 2],
      ]);
    }
  });

  test('of two that wait for each other the section has the order in which it was written, whichever began first', async () => {
    const { actor, enrollments, sections, districts } = world;
    const follower = followerOf(openFeed(world.database), actor);
    const [begun, written] = [gate(), gate()];
    // It begins before the other one, which so has the higher number; of Biology it writes after it.
    const early = world.ledger.open(async (transaction) => {
      await transaction.record([{ enrollment: enrollments.ada, date, status: 2 }], actor);
      begun.open();
      await written.passed;
      await transaction.record([{ enrollment: enrollments.adaInBiology, date, status: 3 }], actor);
    });
    await begun.passed;
    await asAnother((third) =>
      third.ledger.open(async (transaction) => {
        // As long as this runs, which began in between, what the later one wrote is not read.
        await transaction.hold([sections.elsewhere], { ...actor, district: districts.elsewhere });
        await world.ledger.record([{ enrollment: enrollments.adaInBiology, date, status: 2 }], actor);
        written.open();
        await early;
        await follower.catchUp();
      }),
    );
    await settled(world.database);
    await follower.catchUp();
    expect(gapsIn(follower.changes)).toEqual([]);
    expect(follower.changes.map(({ section, revision, kind }) => [section, revision, kind])).toEqual([
      [sections.algebra, 1, 'mark'],
      [sections.biology, 1, 'mark'],
      [sections.biology, 1, 'roll.taken'], // she is the only one
      [sections.biology, 2, 'mark'],
    ]);
  });
}

/** What waits for `passed` goes on once it is opened. */
function gate() {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}

if (onPostgres)
  test('a page reads no more of the journal than is on it, though all of it is of one transaction, as after a restore', async () => {
    const { ledger, actor, enrollments, database: given } = world;
    await ledger.record([{ enrollment: enrollments.ada, date, status: 2 }], actor);
    const { id, ...row } = await given.knex('journal').first();
    const copies = Array.from({ length: 5_000 }, () => ({ ...row, transaction_id: 0 }));
    await given.knex.batchInsert('journal', copies, 500);
    await given.knex.raw('analyze');
    const database = openDatabase(world.url, { pool: 1 });
    const about = { acrossDistricts: 'it reads what the server counts' };
    const flush = text(database.knex, 'select pg_stat_force_next_flush() is null as done', { done: bit }, about);
    const read = text(
      database.knex,
      `select cast(sum(idx_tup_read) as bigint) as entries from pg_stat_user_indexes where relname like 'journal%'`,
      { entries: integer },
      about,
    );
    const entries = async () => {
      await database.all(flush);
      return (await database.all(read))[0]!.entries;
    };
    const feed = openFeed(database);
    const asked = { section: null, school: null, limit: 100 };
    const { next } = await feed.read(actor, { after: START, ...asked });
    const before = await entries();
    const { changes } = await feed.read(actor, { after: next, ...asked });
    const after = await entries();
    await database.close();
    expect(changes).toHaveLength(100);
    expect(after - before).toBeGreaterThanOrEqual(100);
    expect(after - before).toBeLessThan(500);
  });
