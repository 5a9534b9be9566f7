import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Lab } from '../lab';
import { expectAll } from '../load/measure';
import { bearer } from '../load/request';
import { environment, rollbook } from '../processes/rollbook';
import { own } from '../processes/runtime';
import { type Finding, type Row, ratio, stated } from '../row';
import { buildSchool, openBulk, type School } from '../school/build';
import { postgresOf } from '../school/postgres';
import { sectionsUpTo } from '../school/sizes';
import { month } from '../school/traffic';

/** Few enough that the machine has time left: what others do to an answer is then what shows. */
const CONNECTIONS = 4;

/** What the ledger would have told of each meeting and mark. */
const journalSql = [
  `insert into journal (district_id, section_id, date, at, api, from_comment, to_comment)
    select district_id, section_id, date, taken_at, 'bench', '', '' from meetings`,
  `insert into journal (district_id, section_id, date, enrollment_id, at, api, from_comment, to_status, to_comment)
    select district_id, section_id, date, enrollment_id, changed_at, 'bench', '', status, comment from marks`,
  'update sections set revision = 1',
];

export const backup: Row[] = [
  {
    id: 'B14',
    rollbook: 'backup and check of 1 million marks (100,000 with --quick) while months are read',
    limit: 'the same months, nothing else going on',
    async measure(lab) {
      const databaseOf = await postgresOf(lab);
      const embedded = `sqlite:${lab.path('school.db')}`;
      return [
        ...(await findingsOn(lab, 'SQLite', embedded, `sqlite:${lab.path('restored.db')}`)),
        ...(await findingsOn(lab, 'PostgreSQL', await databaseOf('school'), await databaseOf('restored'))),
      ];
    },
  },
];

async function findingsOn(lab: Lab, engine: string, url: string, empty: string): Promise<Finding[]> {
  const school = await buildJournaled(lab, url);
  const file = lab.path('backup.db');
  const commands = [['backup', file, '--force'], ['check']];
  const findings: Finding[] = [];
  const { address } = await lab.serve(url);
  const requests = sectionsUpTo(school.sections).map((section) => month(section, bearer(school.client)));
  const load = (seconds: number) => expectAll(lab, 200, { address, connections: CONNECTIONS, requests, seconds });
  await load(lab.seconds);
  for (const args of commands) {
    const { seconds, printed } = await timed(url, args);
    const name = `${engine}: ${args[0]}`;
    const [alone, beside] = [await load(seconds), (await Promise.all([load(seconds), timed(url, args)]))[0]];
    findings.push(stated(seconds, 's', undefined, name));
    if (printed.rows) findings.push(stated(printed.rows / seconds, 'rows/s', undefined, name));
    findings.push(
      ratio(beside.p50, alone.p50, 'ms', undefined, `${name}, p50 of an answer`),
      ratio(beside.p99, alone.p99, 'ms', undefined, `${name}, p99 of an answer`),
    );
  }
  findings.push(stated((await timed(empty, ['restore', file])).seconds, 's', undefined, `${engine}: restore`));
  return findings;
}

async function buildJournaled(lab: Lab, url: string): Promise<School> {
  const school = await buildSchool(url, { marks: lab.quick ? 100_000 : 1_000_000 });
  const bulk = await openBulk(url);
  for (const sql of journalSql) await bulk.run(sql);
  await bulk.close();
  rollbook(url, 'migrate'); // to the parts of their school year
  return school;
}

interface Printed {
  readonly rows?: number;
}

/** A command as an operator has it run; throws where it finds something wrong. */
async function timed(url: string, args: readonly string[]): Promise<{ seconds: number; printed: Printed }> {
  const started = performance.now();
  const { stdout } = await promisify(execFile)(own.node, [own.main, ...args, '--json'], { env: environment(url) });
  return { seconds: (performance.now() - started) / 1_000, printed: JSON.parse(stdout) as Printed };
}
