import { join } from 'node:path';
import { openBellSchedules } from '../../../src/roster/bell-schedules';
import { replayAll } from '../../transcript';
import { openSchool } from './school';

/** What plugins send. Emil is in the homeroom and known by his number; of the first period it is known when it is. */
replayAll(join(__dirname, 'transcripts'), async () => {
  const api = await openSchool();
  const { database, districts, sections, people, enrollments } = api.world;
  const { knex } = database;
  const district_id = districts.larkspur;
  const { id: school } = await knex('schools').where({ number: '200' }).first();
  const { id: _, ...ada } = await knex('people').where({ id: people.ada }).first();
  const [emil] = await knex('people')
    .insert({
      ...ada,
      sourced_id: 'emil',
      identifier: '204156',
      username: 'emil',
      email: 'emil@example.org',
      given_name: 'Emil',
      family_name: 'Noether',
    })
    .returning('id');
  await knex('enrollments').insert({
    district_id,
    section_id: api.homeroom,
    person_id: emil.id,
    sourced_id: 'emil-homeroom',
    admin: false,
    begin_date: '2025-08-25',
    end_date: '2026-06-12',
  });
  const first = { period: '1', start_time: 30_600, end_time: 33_300 };
  await openBellSchedules(database).set({ district: district_id }, 2025, new Map([[school, [first]]]));
  await knex('sections').where({ id: sections.biology }).update({ periods: '2' });
  const values = {
    school,
    section: sections.algebra,
    emil: emil.id,
    ada: people.ada,
    algebra: enrollments.ada,
    biology: enrollments.adaInBiology,
    homeroom: api.daily.ada,
    ...Object.fromEntries(['P', 'A', 'T'].map((code) => [code, api.code(code)])),
  };
  return { api, values };
});
