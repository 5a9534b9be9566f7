import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Api, openApi } from '../../api';
import { replay } from '../../transcript';
import { attendance, booking, event, takeRolls } from './school';

/** What clients send, request by request: the SDK's own bytes, and those of who calls REST. */
let api: Api;
beforeEach(async () => {
  api = await openApi();
  await takeRolls(api);
});
afterEach(() => api.close());

test.each(readdirSync(join(__dirname, 'transcripts')))('%s goes as it is written', async (file) => {
  const { enrollments, sections } = api.world;
  const values = {
    token: api.token,
    ada: booking(enrollments.ada),
    grace: booking(enrollments.grace),
    event: event(sections.algebra, '2025-10-01'),
    biology: event(sections.biology, '2025-10-01'),
    entry: attendance(enrollments.ada, '2025-10-01'),
  };
  expect(await replay(join(__dirname, 'transcripts', file), api.url, values)).toBeGreaterThan(5);
});
