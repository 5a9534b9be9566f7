import { textIn } from '../values';
import type { FileSpec } from './spec';

/** Kinds of organisation above a school; the district is the tenant itself. */
const aboveSchools = ['district', 'local', 'state', 'national'];

export const orgs: FileSpec = {
  file: 'orgs',
  table: 'schools',
  columns: { name: 'text', type: 'text', number: 'text' },
  keepsDeleted: true,
  concerns: (row) => !aboveSchools.includes(row.get('type').toLowerCase()),
  values: (row) => ({
    name: textIn(row, 'name'),
    type: textIn(row, 'type').toLowerCase(),
    number: textIn(row, 'identifier'),
  }),
};
