import { spawn } from 'node:child_process';
import { once } from 'node:events';
import BetterSqlite3 from 'better-sqlite3';
import type { Parsed } from '../limits/csv';
import { peakWhile } from '../processes/memory';
import { environment } from '../processes/rollbook';
import type { Runtime } from '../processes/runtime';
import { interleave, median } from '../rounds';
import { type Row, ratio, stated } from '../row';
import { writeBundle } from '../school/bundle';

export const rosterImport: Row[] = [
  {
    id: 'B11',
    rollbook: 'OneRoster import of 1 million enrollments (100,000 with --quick)',
    limit: 'csv-parse of the same files',
    async measure(lab) {
      const enrollments = lab.quick ? 100_000 : 1_000_000;
      const bundle = lab.path('bundle');
      const files = await writeBundle(bundle, enrollments);
      const parser = lab.limit<readonly string[], Parsed>('csv');
      const parse = () => parser.ask(files);
      const load = () => importInto(lab.path('import.db'), bundle, enrollments, lab.runtime);
      const [imports, parses] = await interleave(lab.quick ? 1 : 3, load, parse);
      const { rows } = parses[0]!;
      const perSecond = (times: readonly { milliseconds: number }[]) =>
        rows / (median(times.map(({ milliseconds }) => milliseconds)) / 1_000);
      const peak = median(imports.map(({ peak }) => peak));
      return [
        ratio(perSecond(imports), perSecond(parses), 'rows/s', { atLeast: 0.3 }),
        stated(peak, 'MB', { atMost: 400 }, 'resident set at most'),
      ];
    },
  },
];

async function importInto(file: string, bundle: string, enrollments: number, { node, flags, main }: Runtime) {
  const started = performance.now();
  const env = environment(`sqlite:${file}`);
  const child = spawn(node, [...flags, main, 'import', bundle, '--district', 'Bench', '--json'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr.resume();
  const [[code], peak] = await peakWhile(child.pid!, () => once(child, 'exit'));
  const milliseconds = performance.now() - started;
  const connection = new BetterSqlite3(file, { readonly: true });
  const count = connection.prepare('select count(*) from enrollments').pluck().get();
  connection.close();
  if (code !== 0 || count !== enrollments) throw new Error(`Exit code ${code}; ${count} enrollments were imported.`);
  return { milliseconds, peak };
}
