import { nameOrderOf } from '../../src/roster/names';
import { type Api, openApi } from '../api';

const expected = ['Ångström', 'de la Cruz', 'Éclair', 'Núñez', 'Zulu'];

test.each([
  ['en', expected],
  ['es', expected],
  ['sv', ['de la Cruz', 'Éclair', 'Núñez', 'Zulu', 'Ångström']],
])('names sort as people expect in %s', (language, order) => {
  expect([...expected].reverse().sort(nameOrderOf(language).text)).toEqual(order);
});

test.each([
  [
    'en',
    ["Ana O'Brien", 'Ben O’Brien', 'Cy Obrien'],
    ['de la Cruz', 'Decker', 'Oberg', 'Öberg', '…', "O'Connor", 'Olsen', 'Smith', 'Smith Jones', 'Smithson'],
  ],
  [
    'sv',
    ["Ana O'Brien", 'Ben O’Brien', 'Cy Obrien'],
    ['de la Cruz', 'Decker', 'Oberg', '…', "O'Connor", 'Olsen', 'Smith', 'Smith Jones', 'Smithson', 'Öberg'],
  ],
])('an apostrophe does not part families in %s, and a space does', (language, brians, families) => {
  const person = (name: string) => {
    const [given_name = '', family_name = ''] = name.split('|');
    return { given_name, preferred_name: '', family_name };
  };
  const expected = families.flatMap((family) =>
    family === '…' ? brians.map((name) => name.replace(' ', '|')) : [`Zoe|${family}`],
  );
  const order = nameOrderOf(language).people;
  for (const shuffled of [[...expected].reverse(), [...expected].sort()])
    expect(shuffled.sort((one, other) => order(person(one), person(other)))).toEqual(expected);
});

describe('a roll', () => {
  let api: Api;
  beforeEach(async () => {
    api = await openApi();
    const { knex } = api.world.database;
    const { ada, grace, alan, katherine } = api.world.people;
    const names = [
      [ada, 'Zoë', 'Ångström'],
      [grace, 'Ana', 'de la Cruz'],
      [alan, 'Émile', 'Éclair'],
      [katherine, 'Beto', 'de la Cruz'],
    ] as const;
    for (const [id, given_name, family_name] of names)
      await knex('people').where({ id }).update({ given_name, family_name });
  });
  afterEach(() => api.close());

  const month = async (accept: string) => {
    const path = `/reports/sections/${api.world.sections.algebra}/month?month=2025-10`;
    const answer = await api.get(path).set('Accept', accept);
    if (accept === 'application/json') return answer.body.students.map(({ name }: { name: string }) => name);
    return answer.text
      .trim()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',')[2]);
  };

  test.each(['application/json', 'text/csv'])(
    'is in the order of the language of the district, in %s',
    async (accept) => {
      expect(await month(accept)).toEqual(['Zoë Ångström', 'Ana de la Cruz', 'Beto de la Cruz', 'Émile Éclair']);
      await api.world.database.knex('districts').update({ language: 'sv' });
      expect(await month(accept)).toEqual(['Ana de la Cruz', 'Beto de la Cruz', 'Émile Éclair', 'Zoë Ångström']);
      expect((await api.get('/session')).body.district.language).toBe('sv');
    },
  );

  test('of a day has the schools in that order too', async () => {
    const { knex } = api.world.database;
    const { larkspur } = api.world.districts;
    const { school_id: _, ...section } = await knex('sections').where({ id: api.world.sections.biology }).first();
    for (const name of ['Ängby', 'Zenit']) {
      const row = { district_id: larkspur, sourced_id: name, name, type: 'school', number: '' };
      const [{ id: school_id }] = await knex('schools').insert(row).returning('id');
      const [{ id }] = await knex('sections')
        .insert({ ...section, id: undefined, sourced_id: name, school_id })
        .returning('id');
      const days = { begin_date: '2025-08-25', end_date: '2026-06-12' };
      await knex('enrollments').insert({
        district_id: larkspur,
        section_id: id,
        person_id: api.world.people.ada,
        admin: false,
        ...days,
      });
    }
    const names = async () =>
      (await api.get('/reports/today?date=2025-10-06')).body.schools.map(({ school }: { school: string }) => school);
    expect(await names()).toEqual(['Ängby', 'Larkspur Middle School', 'Zenit']);
    await knex('districts').update({ language: 'sv' });
    expect(await names()).toEqual(['Larkspur Middle School', 'Zenit', 'Ängby']);
  });
});
