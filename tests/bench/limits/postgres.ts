import { Client } from 'pg';
import { answerJobs } from '../processes/worker';
import { type BareWrite, type Batch, CLIENTS, datesOf, writer } from './rows';

/**
 * The rows that rollbook writes, a statement for each table from arrays of its columns, over as many
 * connections as rollbook has clients. Milliseconds.
 */
answerJobs(async ({ database, batches }: BareWrite): Promise<number> => {
  connections ??= await connect(database);
  const left = [...batches];
  const writeRest = async (connection: Client) => {
    for (let batch = left.shift(); batch; batch = left.shift()) await write(connection, batch);
  };
  const started = performance.now();
  await Promise.all(connections.map(writeRest));
  return performance.now() - started;
});

/** Opened for the first round and kept, as a server does. */
let connections: Client[] | undefined;

async function connect(database: string): Promise<Client[]> {
  const clients = Array.from({ length: CLIENTS }, () => new Client(database));
  for (const client of clients) await client.connect();
  return clients;
}

const meetings = `insert into meetings (district_id, section_id, date, taken_at)
  select $1, $2, date, $3 from unnest($4::date[]) as taken (date)
  on conflict (district_id, section_id, date) do update set taken_at = excluded.taken_at`;

const marks = `insert into marks (district_id, section_id, date, enrollment_id, status, comment, changed_at, client_id)
  select $1, $2, date, enrollment_id, status, comment, $3, $4
  from unnest($5::date[], $6::bigint[], $7::smallint[], $8::text[]) as put (date, enrollment_id, status, comment)
  on conflict (district_id, section_id, date, enrollment_id) do update set status = excluded.status,
    comment = excluded.comment, changed_at = excluded.changed_at, client_id = excluded.client_id`;

const journal = `insert into journal (district_id, section_id, date, enrollment_id, at, api, client_id, from_comment,
    to_status, to_comment)
  select $1, $2, date, enrollment_id, $3, $4, $5, '', status, comment
  from unnest($6::date[], $7::bigint[], $8::smallint[], $9::text[]) as put (date, enrollment_id, status, comment)`;

async function write(connection: Client, batch: Batch): Promise<void> {
  const { section, marks: written } = batch;
  const { district, client, api } = writer;
  const at = new Date().toISOString();
  const days = datesOf(batch);
  const rolls = days.map((date) => [date, null, null, ''] as const);
  const run = (name: string, text: string, values: unknown[]) => connection.query({ name, text, values });
  await connection.query('begin');
  await run('meetings', meetings, [district, section, at, days]);
  await run('marks', marks, [district, section, at, client, ...columnsOf(written)]);
  await run('journal', journal, [district, section, at, api, client, ...columnsOf([...rolls, ...written])]);
  await run('bump', 'update sections set revision = revision + 1 where id = $1', [section]);
  await connection.query('commit');
}

const columnsOf = (rows: readonly (readonly unknown[])[]): unknown[][] =>
  [0, 1, 2, 3].map((column) => rows.map((row) => row[column]));
