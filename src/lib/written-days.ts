/** Which part of a day comes first, where it is written with slashes, dots or dashes and the year at its end. */
export type DateOrder = 'month-first' | 'day-first';

/** The line of a file that proves the order of all of its days. */
export interface Proof {
  readonly order: DateOrder;
  readonly line: number;
  readonly text: string;
}

const written = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/;

/** Collects what days prove of their order: 09/25/2026 does, 09/05/2026 does not. */
export function proofOfOrder() {
  const found = new Map<DateOrder, Proof>();
  return {
    add(text: string, line: number): void {
      const [, first, second] = written.exec(text.trim()) ?? [];
      if (first === undefined || Number(first) > 31 || Number(second) > 31) return;
      const order = Number(first) > 12 ? 'day-first' : Number(second) > 12 ? 'month-first' : undefined;
      if (order && !(Number(first) > 12 && Number(second) > 12) && !found.has(order))
        found.set(order, { order, line, text });
    },
    /** Undefined where no day proves any, or some prove another. */
    get: (): Proof | undefined => (found.size === 1 ? [...found.values()][0] : undefined),
  };
}

/** `YYYY-MM-DD` of a day that is written in this order; as it is where it is none. */
export function dayWritten(text: string, order: DateOrder | undefined): string {
  const [, first, second, year] = written.exec(text) ?? [];
  if (!order || first === undefined) return text;
  const [month, day] = order === 'month-first' ? [first, second!] : [second!, first];
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
