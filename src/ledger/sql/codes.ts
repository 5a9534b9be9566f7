import type { Engine } from '../../database/database';
import { text } from '../../database/query';

/** The statements of attendance codes. */
export function codesSql(engine: Engine) {
  const { knex } = engine;
  const columns = 'codes.id, codes.school_id, codes.year_id, codes.code, codes.description, codes.status';
  const insert = `
    insert into attendance_codes (district_id, school_id, year_id, code, description, status)
    select :district, school_id, year_id, code, description, status
    from ${engine.rows('codes', {
      school_id: 'bigint',
      year_id: 'bigint',
      code: 'text',
      description: 'text',
      status: 'smallint',
    })} as written
    where true
    on conflict (school_id, year_id, code)`;
  return {
    ofYear: text(
      knex,
      `select ${columns}
      from attendance_codes as codes
      where codes.district_id = :district and codes.school_id = :school and codes.year_id = :year
      order by codes.id`,
    ),
    named: text(
      knex,
      `select ${columns}
      from ${engine.rows('ids', { id: 'bigint' })} as asked
      cross join attendance_codes as codes
      where codes.id = asked.id and codes.district_id = :district`,
    ),
    add: text(knex, `${insert} do nothing`),
    put: text(knex, `${insert} do update set description = excluded.description, status = excluded.status`),
  };
}
