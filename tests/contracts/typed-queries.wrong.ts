/** Reads that do not compile: `typed-endpoints.test.ts` compiles them, and finds each error at the line that names it. */
import type { Database } from '../../src/database/database';
import { type Query, text } from '../../src/database/query';
import { bit, day, integer, nullable, oneOf, string } from '../../src/database/rows';
import { openLedger } from '../../src/ledger/ledger';
import { openRoster } from '../../src/roster/roster';

declare const database: Database;
const caller = { district: 1, api: '', client: null, person: null };
const row = { id: integer, date: nullable(day), status: oneOf(2, 3), active: bit };
const described = text(database.knex, 'select 1', row);
const silent = text(database.knex, 'delete from marks where district_id = :district');

export async function right() {
  const [found] = await database.all(described);
  const status: 2 | 3 | undefined = found?.status;
  const person = await openRoster(database).one('person', caller, '1');
  await openRoster(database).one('enrollmentOf', caller, '1', { section: 1, today: '2025-10-06' });
  await openRoster(database).list('studentsAmong', caller, { ids: '[[1]]' }, { offset: 0, limit: 1 });
  const [more] = await database.all(text(database.knex, 'select 1', { ...row, name: string }));
  return [
    found?.id.toFixed(),
    found?.date?.slice(0, 4),
    status,
    person.given_name,
    more?.name,
    await database.all(silent),
  ];
}

export async function wrong() {
  const [found] = await database.all(described);
  found?.name; // TS2339
  found?.date.slice(0, 4); // TS18047
  const status: 4 | undefined = found?.status; // TS2322
  const active: boolean | undefined = found?.active; // TS2322
  await database.all<{ id: string }>(described); // TS2379
  await database.all<{ id: number }>(silent); // TS2379
  const other: Query<{ id: number }> = text(database.knex, 'select 1 as id'); // TS2375
  const [none] = await database.all(silent);
  none?.id; // TS2339
  const section = await openRoster(database).one('section', caller, '1');
  section.given_name; // TS2339
  openRoster(database).list('nothing', caller, {}, { offset: 0, limit: 1 }); // TS2345
  openRoster(database).list('studentsAmong', caller, {}, { offset: 0, limit: 1 }); // TS2741
  openRoster(database).list('studentsOfSchool', caller, { id: 1, school: 1 }, { offset: 0, limit: 1 }); // TS2353
  openRoster(database).one('people', caller, '1'); // TS2345
  openRoster(database).one('enrollmentOf', caller, '1'); // TS2554
  const [entry] = await openLedger(database).query({ actor: caller, order: [], limit: 1 });
  entry?.number_of_attendees; // TS2339
  return [status, active, other];
}
