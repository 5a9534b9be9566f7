import type { SchemaReader } from '../schema';

/**
 * The schema as PostgreSQL itself writes it, without the names that keys and indexes were given. Parts of the tables
 * that are kept by school year are left out, since they come and go, and so are detached ones. A constraint that older
 * rows were not held against holds for what is written (NOT VALID); `rollbook check` asks about the rows.
 */
export const postgresSchema: SchemaReader = (run) =>
  run(`with tables as (
      select pg_class.oid, pg_class.relname as name
      from pg_class
      where pg_class.relnamespace = to_regnamespace(current_schema()) and pg_class.relkind in ('r', 'p')
        and not pg_class.relispartition and pg_class.relname not like 'detached\\_%' and pg_class.relname not like 'knex\\_%')
    select tables.name || '.' || columns.attname as of,
      format_type(columns.atttypid, columns.atttypmod) || case when columns.attnotnull then ' not null' else '' end
        || coalesce(' default ' || regexp_replace(pg_get_expr(defaults.adbin, defaults.adrelid), '^nextval[(].*$', 'nextval'), '')
        as definition
    from tables
    join pg_attribute as columns on columns.attrelid = tables.oid and columns.attnum > 0 and not columns.attisdropped
    left join pg_attrdef as defaults on defaults.adrelid = columns.attrelid and defaults.adnum = columns.attnum
    union all
    select tables.name, regexp_replace(pg_get_constraintdef(constraints.oid), ' NOT VALID$', '')
    from tables
    join pg_constraint as constraints on constraints.conrelid = tables.oid and constraints.conparentid = 0
      and constraints.contype in ('p', 'u', 'f', 'c')
    union all
    select tables.name,
      regexp_replace(pg_get_indexdef(indexes.indexrelid), '^CREATE (UNIQUE |)INDEX .* USING (btree |)', '\\1INDEX ')
        || case when indexes.indisvalid then '' else ' INVALID' end
    from tables
    join pg_index as indexes on indexes.indrelid = tables.oid
    where not exists (select 1 from pg_constraint
      where pg_constraint.conindid = indexes.indexrelid and pg_constraint.contype in ('p', 'u'))`);
