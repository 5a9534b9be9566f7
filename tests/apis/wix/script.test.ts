import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../src/lib/root';
import { type Api, openApi } from '../../api';
import { attendance, takeRolls } from './school';

/** The script of the manual, run as it is printed there. */
let api: Api;
beforeAll(async () => {
  api = await openApi();
  await takeRolls(api);
});
afterAll(() => api.close());

test('the script in the manual does what it says', async () => {
  const page = readFileSync(join(root, 'docs/wix.md'), 'utf8');
  const [, script] = /```js\n(\/\/ attendance\.mjs\n[\s\S]*?)```/.exec(page)!;
  const { ada } = api.world.enrollments;
  // From standard input a module is resolved as if it lay in this folder.
  const run = execFile(process.execPath, ['--input-type=module', '-'], {
    cwd: root,
    env: { ...process.env, ROLLBOOK_URL: api.url, ROLLBOOK_TOKEN: api.token },
  });
  let [output, errors] = ['', ''];
  run.stdout!.on('data', (text) => {
    output += text;
  });
  run.stderr!.on('data', (text) => {
    errors += text;
  });
  run.stdin!.end(script);
  const code = await new Promise((resolve) => run.on('close', resolve));
  const id = attendance(ada, '2025-10-01');
  expect({ code, errors, output: output.trim().split('\n') }).toEqual({
    code: 0,
    errors: '',
    output: [
      '3 did not attend',
      `${id} is ATTENDED now`,
      '2 did not attend',
      '400 query.cursorPaging.limit OUT_OF_RANGE',
    ],
  });
  const marks = await api.world.ledger.marks({
    district: api.world.districts.larkspur,
    section: api.world.sections.algebra,
  });
  expect(marks.map(({ enrollment_id }) => enrollment_id)).not.toContain(ada);
});
