import { Problem } from '../../../errors';
import { shown } from '../../../shown';
import { columns, isAbsent, textOf } from './columns';
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
  records.forEach((sent, index) => {
    checkMode(sent.columns.att_mode_code, post, index);
  });
  if (post.oneDay) for (const column of ['studentid', 'att_date'] as const) checkOne(column, records);
  return records;
}

function checkCount(count: number, atMost: number): void {
  if (count === 0) throw whole('record', 'TooFew', 'at least 1 record, 0 sent');
  if (count > atMost)
    throw whole('record', 'TooMany', `at most ${atMost} record${atMost === 1 ? '' : 's'}, ${count} sent`);
}

/** "column names in lower case, any case tolerated; an unknown column is 400" */
function lowerCased(sent: object, { columns: known, path }: Post, index: number): Record<string, unknown> {
  const named = Object.entries(sent).map(([name, value]) => [name.toLowerCase(), value] as const);
  const unknown = named.find(([name]) => !known.includes(name));
  if (!unknown) return Object.fromEntries(named);
  const [name] = unknown;
  throw whole(
    name.slice(0, 60),
    'UnknownColumn',
    `record ${index + 1}: no column of ${path}, which has ${known.join(', ')}`,
  );
}

function checkMode(mode: unknown, { modes, path }: Post, index: number): void {
  if (isAbsent(mode) || (modes as readonly unknown[]).includes(textOf(mode))) return;
  const right = `${path} takes ${modes.join(' and ')}`;
  throw whole('att_mode_code', 'InvalidValue', `record ${index + 1}: ${right}, not ${shown(mode)}`);
}

function checkOne(column: 'studentid' | 'att_date', records: readonly SentRecord[]): void {
  const meant = (value: unknown) => columns[column].read(textOf(value) ?? '') ?? textOf(value);
  const sent = records.map((record) => record.columns[column]).filter((value) => !isAbsent(value));
  const different = new Set(sent.map(meant)).size;
  if (different > 1) throw whole(column, 'NotTheSame', `one student and one day a request, ${different} sent`);
}

const whole = (field: string, rule: string, message: string) =>
  new Problem('BODY_INVALID', `${field}: ${message}`, { violations: [{ field, rule, message }] });
