/**
 * How often a random test is tried: fewer times on PostgreSQL, where each takes three times as long. `RUNS=10` in the environment
 * multiplies that.
 */
export const runs = (sqlite: number, postgres = Math.ceil(sqlite / 3)): number =>
  Math.round((process.env.ENGINE === 'sqlite' ? sqlite : postgres) * Number(process.env.RUNS ?? 1));
