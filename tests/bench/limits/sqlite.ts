import BetterSqlite3 from 'better-sqlite3';
import { answerJobs } from '../processes/worker';
import { type BareWrite, type Batch, datesOf, writer } from './rows';

/** The bare loop of prepared statements: the rows that rollbook writes, as durable as there. Milliseconds. */
answerJobs(async ({ database, batches }: BareWrite): Promise<number> => {
  write ??= loopOn(connect(database));
  const started = performance.now();
  for (const batch of batches) write(batch);
  return performance.now() - started;
});

/** Opened for the first round and kept, as a server does. */
let write: ((batch: Batch) => void) | undefined;

function connect(file: string): BetterSqlite3.Database {
  const connection = new BetterSqlite3(file);
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON']) connection.pragma(pragma);
  return connection;
}

function loopOn(connection: BetterSqlite3.Database): (batch: Batch) => void {
  const putMeeting = connection.prepare(
    `insert into meetings (district_id, section_id, date, taken_at) values (?, ?, ?, ?)
    on conflict (district_id, section_id, date) do update set taken_at = excluded.taken_at`,
  );
  const putMark = connection.prepare(
    `insert into marks (district_id, section_id, date, enrollment_id, status, comment, changed_at, client_id)
    values (?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (district_id, section_id, date, enrollment_id) do update set status = excluded.status,
      comment = excluded.comment, changed_at = excluded.changed_at, client_id = excluded.client_id`,
  );
  const addJournal = connection.prepare(
    `insert into journal (district_id, section_id, date, enrollment_id, at, api, client_id, from_status, from_comment,
      to_status, to_comment)
    values (?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?)`,
  );
  const bump = connection.prepare('update sections set revision = revision + 1 where id = ?');
  const { district, client, api } = writer;

  return connection.transaction((batch: Batch) => {
    const { section, marks } = batch;
    const at = new Date().toISOString();
    for (const date of datesOf(batch)) {
      putMeeting.run(district, section, date, at);
      addJournal.run(district, section, date, null, at, api, client, null, null, '');
    }
    for (const [date, enrollment, status, comment] of marks) {
      putMark.run(district, section, date, enrollment, status, comment, at, client);
      addJournal.run(district, section, date, enrollment, at, api, client, null, status, comment);
    }
    bump.run(section);
  }).immediate;
}
