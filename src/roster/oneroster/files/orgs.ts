import type { FileSpec } from './spec';

/** Kinds of organisation above a school; the district is the tenant itself. */
const aboveSchools = ['district', 'local', 'state', 'national'];

export const orgs: FileSpec = {
  file: 'orgs',
  table: 'schools',
  columns: { name: 'text', type: 'text', number: 'text' },
  keepsDeleted: true,
  concerns: (row) => !aboveSchools.includes(row.get('type').toLowerCase()),
  values: (row) => ({ name: row.get('name'), type: row.get('type').toLowerCase(), number: row.get('identifier') }),
};
