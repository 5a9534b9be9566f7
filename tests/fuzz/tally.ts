/** How many answers there were, by engine, API and status class: `sqlite wix 2xx`. */
export type Tally = Record<string, number>;

export const add = (to: Tally, more: Tally): void => {
  for (const [key, count] of Object.entries(more)) to[key] = (to[key] ?? 0) + count;
};

export const sumOf = (tally: Tally): number => Object.values(tally).reduce((sum, count) => sum + count, 0);

const classes = ['2xx', '3xx', '4xx', '5xx'];

/** A row for each engine and API, and one for all. */
export function tableOf(tally: Tally): string {
  const names = [...new Set(Object.keys(tally).map((key) => key.replace(/ \dxx$/, '')))].sort();
  const rows = names.map((name) => [name, ...classes.map((each) => tally[`${name} ${each}`] ?? 0)] as const);
  const total = classes.map((_, index) => rows.reduce((sum, row) => sum + (row[index + 1] as number), 0));
  return [['', ...classes, 'all'], ...rows, ['all', ...total] as const]
    .map(([name, ...counts], index) => {
      const all = index === 0 ? [] : [counts.reduce((sum: number, count) => sum + (count as number), 0)];
      return (
        String(name).padEnd(24) + [...counts, ...all].map((count) => count.toLocaleString('en').padStart(11)).join('')
      );
    })
    .join('\n');
}
