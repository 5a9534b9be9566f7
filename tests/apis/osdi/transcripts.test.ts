import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { replay } from '../../transcript';
import { BASE, DAY, type Osdi, openOsdi, scheduled } from './osdi';

/** What clients of other makers send, request by request. Each has a school of its own. */
let osdi: Osdi;
beforeEach(async () => {
  osdi = await openOsdi();
});
afterEach(() => osdi.api.close());

const folder = join(__dirname, 'transcripts');
const files = readdirSync(folder);

test('there are some', () => {
  expect(files.length).toBeGreaterThan(2);
});

test.each(files)('%s goes as it is written', async (file) => {
  const { api } = osdi;
  const { people, sections, database } = api.world;
  const before = new Date(Date.now() - 1_000).toISOString();
  const event = await scheduled(osdi);
  await scheduled(osdi, DAY, sections.biology);
  await database.knex('people').where({ id: people.grace }).update({ modified_at: new Date().toISOString() });
  const values = {
    token: api.token,
    event: BASE + event,
    ada: String(people.ada),
    grace: String(people.grace),
    before: before.replace(/\.\d+Z/, 'Z'),
    after: new Date(Date.now() + 60_000).toISOString(),
  };
  expect(await replay(join(folder, file), api.url, values)).toBeGreaterThan(3);
});
