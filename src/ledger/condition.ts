/** What a condition compares with; an instant is ISO 8601 in UTC, a day `YYYY-MM-DD`. */
export type Operand = string | number | boolean | null;

export type Comparison = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';

/**
 * Which entries are asked for: what APIs parse their query languages into. It is either true or false of an entry:
 * `not` and `ne` are exact opposites, null equals null, and is neither less nor greater than anything. Operands are
 * of the column's type. `all` of nothing is true, `any` of nothing false.
 */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly column: string; readonly is: Comparison; readonly value: Operand }
  | { readonly column: string; readonly in: readonly Operand[] }
  /** Several columns that are never null, e.g. the enrollment and date of entries. */
  | { readonly columns: readonly string[]; readonly in: readonly (readonly Operand[])[] };

/** The columns that must equal a value, or one of a list, for the whole to be true. */
export function pinned(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(pinned);
  if ('columns' in condition) return [...condition.columns];
  return 'in' in condition || ('is' in condition && condition.is === 'eq') ? [condition.column] : [];
}
