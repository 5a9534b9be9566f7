import { openWorld, type World } from '../world';
import { rollbook } from './process';

let world: World;
let env: NodeJS.ProcessEnv;
beforeEach(async () => {
  world = await openWorld();
  env = { DATABASE_URL: world.url, ...(world.database.file ? {} : { ROLLBOOK_SECRET_KEY: 'x'.repeat(32) }) };
});
afterEach(() => world.close());

test('the journal says in a column of its own what was said of a roll, and in that of the comment comments alone', async () => {
  const { ledger, sections, enrollments, actor } = world;
  const meeting = { section: sections.algebra, date: '2025-10-01' };
  await ledger.open(async (transaction) => {
    await transaction.schedule(meeting, actor);
    await transaction.take(meeting, actor);
    const status = { enrollment: enrollments.ada, date: meeting.date, status: 2, comment: 'scheduled' };
    await transaction.record([status], actor);
    await transaction.untake(meeting, actor);
  });
  const { stdout } = await rollbook(['journal'], env);
  const [head, ...lines] = stdout.trimEnd().split('\n');
  const column = (name: string) => {
    const from = head!.indexOf(name);
    return lines.map((line) => line.slice(from).split(/ {2,}/)[0]!.trim());
  };
  expect(column('roll ')).toEqual(['scheduled', 'taken', '', 'not taken']);
  expect(column('to_comment')).toEqual(['', '', 'scheduled', '']);
  const { stdout: json } = await rollbook(['journal', '--json'], env);
  expect(JSON.parse(json).map(({ roll, to_comment }: Record<string, unknown>) => [roll, to_comment])).toEqual([
    ['scheduled', ''],
    ['taken', ''],
    [null, 'scheduled'],
    ['not taken', ''],
  ]);
});
