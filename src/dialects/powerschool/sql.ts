import type { Engine } from '../../database/database';
import { text } from '../../database/query';

/** The columns of a part, in the order of `Part`, without its id. */
const columns = {
  enrollment_id: 'bigint',
  date: 'date',
  part: 'text',
  mode: 'text',
  code_id: 'bigint',
  status: 'smallint',
  comment: 'text',
  period: 'text',
  program: 'text',
  calendar_day: 'text',
  att_interval: 'bigint',
  start_time: 'bigint',
  end_time: 'bigint',
  total_minutes: 'bigint',
} as const;
const names = Object.keys(columns) as (keyof typeof columns)[];

/** A row of a list of parts. */
export const rowOf = (part: { readonly [Name in keyof typeof columns]: string | number | null }) =>
  names.map((name) => part[name]);

/** The statements of this dialect's side table. */
export function partsSql(engine: Engine) {
  const { knex } = engine;
  const selected = ['id', ...names].map((name) => `parts.${name}`).join(', ');
  return {
    ofDays: text(
      knex,
      `select ${selected}
      from ${engine.rows('days', { enrollment_id: 'bigint', date: 'date' })} as asked
      cross join powerschool_attendance as parts
      where parts.enrollment_id = asked.enrollment_id and parts.date = asked.date
      order by parts.id`,
    ),
    put: text(
      knex,
      `insert into powerschool_attendance (district_id, ${names.join(', ')})
      select :district, ${names.join(', ')}
      from ${engine.rows('parts', columns)} as posted
      where true
      on conflict (enrollment_id, date, part) do update set
        ${names
          .slice(3)
          .map((name) => `${name} = excluded.${name}`)
          .join(', ')}
      returning id, enrollment_id, date, part`,
    ),
  };
}
