/** A calendar day, so many days after another. */
export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** So many days in a row. */
export const daysFrom = (first: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => dayAfter(first, index));

/** So many days in a row without Saturdays and Sundays. */
export const weekdaysFrom = (first: string, count: number): string[] =>
  daysFrom(first, Math.ceil((count / 5) * 7) + 2)
    .filter((day) => new Date(`${day}T00:00:00Z`).getUTCDay() % 6 !== 0)
    .slice(0, count);
