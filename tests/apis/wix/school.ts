import { uuidOf } from '../../../src/apis/wix/attendance';
import type { Api } from '../../api';

/** Ids of the small school in the words of Wix. */
export const booking = (enrollment: number) => uuidOf('enrollment', { id: enrollment });
export const event = (section: number, date: string) => uuidOf('meeting', { id: section, date });
export const attendance = (enrollment: number, date: string) => uuidOf('entry', { id: enrollment, date });

/** Plans a meeting whose roll is not yet taken. */
export const schedule = ({ world }: Api, section: number, date: string) =>
  world.database
    .knex('meetings')
    .insert({ district_id: world.districts.larkspur, section_id: section, date, taken_at: null });

/** Two rolls of Algebra, one of Biology, and a meeting of Algebra to come: 13 entries. */
export async function takeRolls(api: Api): Promise<void> {
  const { ada, grace, alan, adaInBiology } = api.world.enrollments;
  await api.mark(
    [ada, '2025-10-01', 2, 'ill'],
    [grace, '2025-10-01', 3],
    [alan, '2025-10-07', 4],
    [adaInBiology, '2025-10-07', 2],
  );
  await api.mark([ada, '2025-10-07', 1]);
  await schedule(api, api.world.sections.algebra, '2025-10-08');
}
