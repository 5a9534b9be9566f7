import { Problem } from '../../../errors';
import { shown } from '../../../shown';
import { isAbsent, textOf } from './columns';
import type { Post } from './modes';

/** The body of a post. */
export interface PostBody {
  readonly record: readonly {
    readonly client_uid?: unknown;
    readonly tables: { readonly attendance: Readonly<Record<string, unknown>> };
  }[];
}

/** A record as sent, its columns in lower case. */
export interface SentRecord {
  /** "the record's own where it sent one, else its position from 1" */
  readonly uid: string;
  readonly columns: Readonly<Record<string, unknown>>;
}

/** The records of a request; throws BODY_INVALID where the request as a whole is not what the address takes. */
export function recordsOf({ record }: PostBody, post: Post): SentRecord[] {
  checkCount(record.length, post.atMost);
  const records = record.map(({ client_uid, tables }, index) => ({
    uid: textOf(client_uid)?.slice(0, 100) || String(index + 1),
    columns: lowerCased(tables.attendance, post, index),
  }));
  records.forEach(({ columns }, index) => {
    checkMode(columns.att_mode_code, post, index);
  });
  if (post.oneDay) for (const column of ['studentid', 'att_date']) checkOne(column, records);
  return records;
}

function checkCount(count: number, atMost: number): void {
  if (count === 0) throw whole('record', 'TooFew', 'at least 1 record, 0 sent');
  if (count > atMost)
    throw whole('record', 'TooMany', `at most ${atMost} record${atMost === 1 ? '' : 's'}, ${count} sent`);
}

/** "column names in lower case, any case tolerated; an unknown column is 400" */
function lowerCased(sent: object, { columns, path }: Post, index: number): Record<string, unknown> {
  const named = Object.entries(sent).map(([name, value]) => [name.toLowerCase(), value] as const);
  const unknown = named.find(([name]) => !columns.includes(name));
  if (!unknown) return Object.fromEntries(named);
  const [name] = unknown;
  const known = columns.join(', ');
  throw whole(name.slice(0, 60), 'UnknownColumn', `record ${index + 1}: no column of ${path}, which has ${known}`);
}

function checkMode(mode: unknown, { modes, path }: Post, index: number): void {
  if (isAbsent(mode) || (modes as readonly unknown[]).includes(textOf(mode))) return;
  const right = `${path} takes ${modes.join(' and ')}`;
  throw whole('att_mode_code', 'InvalidValue', `record ${index + 1}: ${right}, not ${shown(mode)}`);
}

function checkOne(column: string, records: readonly SentRecord[]): void {
  const sent = new Set(
    records
      .map(({ columns }) => columns[column])
      .filter((value) => !isAbsent(value))
      .map(textOf),
  );
  if (sent.size > 1) throw whole(column, 'NotTheSame', `one student and one day a request, ${sent.size} sent`);
}

const whole = (field: string, rule: string, message: string) =>
  new Problem('BODY_INVALID', `${field}: ${message}`, { violations: [{ field, rule, message }] });
