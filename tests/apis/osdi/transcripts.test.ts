import { join } from 'node:path';
import { replayAll } from '../../transcript';
import { BASE, DAY, openOsdi, scheduled } from './osdi';

/** What clients of other makers send. */
replayAll(join(__dirname, 'transcripts'), async () => {
  const osdi = await openOsdi();
  const { api } = osdi;
  const { people, sections, database } = api.world;
  const now = Date.now();
  const event = await scheduled(osdi);
  await scheduled(osdi, DAY, sections.biology);
  await database.knex('people').where({ id: people.grace }).update({ modified_at: new Date().toISOString() });
  const values = {
    event: BASE + event,
    ada: people.ada,
    grace: people.grace,
    before: new Date(now - 1_000).toISOString().replace(/\.\d+Z/, 'Z'),
    after: new Date(now + 60_000).toISOString(),
  };
  return { api, values };
});
