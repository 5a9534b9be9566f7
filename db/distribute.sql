-- Distributes the tables by district. Run it on the coordinator of a cluster of Citus, while no rollbook runs:
--   psql --set ON_ERROR_STOP=1 --file db/distribute.sql rollbook
-- db/SCALING.md, "Distribute it by district", says what it takes, and what of it has been run.
begin;
set local citus.multi_shard_modify_mode = 'sequential';

-- What leads from one table to another goes first, and comes back once both sides are distributed.
create temporary table led on commit drop as
  select cast(conrelid as regclass) as relation, conname as name, pg_get_constraintdef(oid) as definition
  from pg_constraint
  where contype = 'f' and conparentid = 0 and connamespace = to_regnamespace(current_schema());
do $$ declare each record; begin
  for each in select * from led loop
    execute format('alter table %s drop constraint %I', each.relation, each.name);
  end loop;
end $$;

select create_reference_table('districts');
select create_distributed_table('schools', 'district_id');
select create_distributed_table(relation, 'district_id', colocate_with => 'schools')
from unnest(cast('{
  terms, courses, people, sections, section_terms, enrollments, enrollment_aliases, enrollment_rows, person_aliases,
  kept_days, former_schools, former_terms, corrections, corrected_rolls, calendar_days, bell_periods, attendance_codes,
  meetings, marks, presences, journal, other_changes, expired_changes, erasures, erased_years, reads,
  recounts, counted_days, counted_schools, counted_students, powerschool_attendance, osdi_attendances, osdi_identifiers,
  wix_attendances, sign_ins, webhook_targets, schoology_subscriptions, access_changes, person_names, absences,
  absence_marks, absence_students, setting_changes, roll_reminders, substitutions, lti_nonces, lti_contexts,
  lti_courses, lti_scores, office_roles, passkeys}' as regclass[])) as relation;
-- In one place, on the coordinator, stay api_clients, api_tokens, invitations, epochs, webhook_lease, lti_platforms,
-- lti_deployments and lti_keys.

do $$ declare each record; begin
  for each in select * from led loop
    execute format('alter table %s add constraint %I %s', each.relation, each.name, each.definition);
  end loop;
end $$;
commit;
