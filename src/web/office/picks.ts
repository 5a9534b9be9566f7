import { query, replaceHash } from '../shared/route';
import { pathOf } from './wire';

type Pick =
  | ('school' | 'search' | 'date' | 'from' | 'to' | 'by' | 'open' | 'offset' | 'all')
  | ('status' | 'code' | 'period' | 'unexplained')
  | ('student' | 'section');
export type Picks = Readonly<Partial<Record<Pick, string>>>;

/** What was picked on the page, which its address keeps; read it where a component is drawn. */
export const picks = (): Picks => Object.fromEntries(query.value);

/** Changes some of it; undefined forgets. */
export const pick = (changes: { readonly [Name in Pick]?: string | undefined }): void =>
  replaceHash(pathOf(location.hash.split('?')[0] || '#/', { ...picks(), ...changes }));

/** The part of it that names the days and the school of a report. */
export function spanOf({ school, from, to }: Picks): Picks {
  return { ...(school && { school }), ...(from && { from }), ...(to && { to }) };
}
