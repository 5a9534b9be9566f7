import { join } from 'node:path';
import { openApi } from '../../api';
import { replayAll } from '../../transcript';
import { attendance, booking, event, takeRolls } from './school';

/** The SDK's own bytes, and those of who calls REST. */
replayAll(join(__dirname, 'transcripts'), async () => {
  const api = await openApi();
  await takeRolls(api);
  const { enrollments, sections } = api.world;
  const values = {
    ada: booking(enrollments.ada),
    grace: booking(enrollments.grace),
    event: event(sections.algebra, '2025-10-01'),
    biology: event(sections.biology, '2025-10-01'),
    entry: attendance(enrollments.ada, '2025-10-01'),
  };
  return { api, values };
});
