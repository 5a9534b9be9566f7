import { dateOf, dayNumber } from '../../days';

/** What a UUID can name, each with a byte of its own. */
const kinds = { enrollment: 1, meeting: 2, entry: 3 } as const;
export type Kind = keyof typeof kinds;

/** Of an enrollment; of a section on a date; of an enrollment on a date. */
export interface Named {
  readonly id: number;
  readonly date?: string;
}

/**
 * RFC 9562, 5.8, UUIDv8: the kind in 8 bits, the id in 52, the day in 20 and zeros, around the bits of version and
 * variant. The order of texts is the order of (kind, id, day), and none has to be looked up.
 */
export function uuidOf(kind: Kind, { id, date }: Named): string {
  const head = hex(kinds[kind], 2) + hex(id, 13);
  const day = hex(date === undefined ? 0 : dayNumber(date), 5);
  return `${head.slice(0, 8)}-${head.slice(8, 12)}-8${head.slice(12)}-8${day.slice(0, 3)}-${day.slice(3)}0000000000`;
}

/** What the text names; undefined where it is no UUID of ours of this kind. RFC 9562, 4: read in either case. */
export function namedBy(kind: Kind, uuid: string): Named | undefined {
  const [, head, middle, tail, high, low] = ours.exec(uuid.toLowerCase()) ?? [];
  if (head === undefined || Number.parseInt(head.slice(0, 2), 16) !== kinds[kind]) return undefined;
  const id = Number.parseInt(head.slice(2) + middle + tail, 16);
  const date = dateOf(Number.parseInt(`${high}${low}`, 16));
  if (date === undefined) return undefined;
  const named = kind === 'enrollment' ? { id } : { id, date };
  return uuidOf(kind, named) === uuid.toLowerCase() ? named : undefined;
}

/** Whether the text is a UUID of anybody's. */
export const isUuid = (text: string): boolean =>
  /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(text);

const ours = /^([\da-f]{8})-([\da-f]{4})-8([\da-f]{3})-8([\da-f]{3})-([\da-f]{2})0{10}$/;

const hex = (value: number, length: number): string => value.toString(16).padStart(length, '0');
