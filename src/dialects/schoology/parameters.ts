import { Problem } from '../../errors';

/** A query parameter that is to be an integer; an empty value is an absent one. */
export function integer(field: string, value: string | undefined): number | undefined {
  if (!value) return undefined;
  if (!/^-?\d+$/.test(value)) throw invalid(field, `must be an integer, not ${value.slice(0, 60)}`);
  return Number(value);
}

/** Says which parameter is wrong, and what would be right. */
export const invalid = (field: string, message: string) =>
  new Problem('QUERY_INVALID', `${field} ${message}.`, { violations: [{ field, message }] });
