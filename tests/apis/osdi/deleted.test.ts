import { clockless } from '../../clock';
import type { Said } from '../../roster/builder';
import { openRivers, type Rivers } from '../../roster/school';
import { type Osdi, openOsdi } from './osdi';

/** Whoever the SIS has deleted is found by their address and by their identifiers alike, and is told to whoever keeps a copy. */
let here: Osdi;
let rivers: Rivers;
let osdi: Osdi;
const TODAY = '2025-09-15';
const atHour = (hour: number) => `${TODAY}T${hour}:00:00Z`;
const goOn = (hour: number) => jest.setSystemTime(new Date(`${TODAY}T${hour}:00:00.500Z`));

const school: Said = {
  people: [...['ada', 'grace', 'lin'].map((id) => ({ id })), { id: 'emmy', role: 'teacher' }],
  classes: [{ id: 'k' }],
  enrollments: [{ id: 'ada' }, { id: 'grace' }, { id: 'lin' }, { id: 'emmy', role: 'teacher' }],
};
const modes = {
  orgs: 'absent',
  academicSessions: 'absent',
  classes: 'absent',
  users: 'delta',
  enrollments: 'absent',
} as const;
const only = (person: object): Said => ({ people: [person as { id: string }], modes });

beforeEach(async () => {
  jest.useFakeTimers({ now: new Date(`${TODAY}T10:00:00.500Z`), doNotFake: [...clockless] });
  here = await openOsdi();
  rivers = await openRivers(here.api);
  osdi = await here.as({ district: rivers.district });
  await rivers.import(school, TODAY);
  const [id, { knex }] = [await ada(), here.api.world.database];
  await knex('osdi_identifiers').insert({
    district_id: rivers.district,
    identifier: 'other:7',
    local_part: '7',
    person_id: id,
  });
});
afterEach(async () => {
  await rivers.close();
  await here.api.close();
  jest.useRealTimers();
});

const ada = async (): Promise<number> => {
  const { knex } = here.api.world.database;
  return (await knex('people').where({ district_id: rivers.district, sourced_id: 'ada' }).first()).id;
};
const found = async (filter?: string) => {
  const { body } = await osdi.get(`/people${filter ? `?filter=${encodeURIComponent(filter)}` : ''}`).expect(200);
  const people = body._embedded['osdi:people'] as { identifiers: string[] }[];
  expect(body.total_records).toBe(people.length);
  return people;
};
const ids = async (filter?: string) => (await found(filter)).map(({ identifiers }) => identifiers[1]);
const all = ['oneroster:ada', 'oneroster:grace', 'oneroster:lin', 'oneroster:emmy'];

describe.each<[string, Said]>([
  ['a delta says that they are to be deleted', only({ id: 'ada', status: 'tobedeleted' })],
  ['a delta says that they are inactive', only({ id: 'ada', status: 'inactive' })],
  ['a whole file does not have them any more', { ...school, people: school.people!.slice(1) }],
])('where %s', (_how, said) => {
  beforeEach(async () => {
    expect((await ids()).sort()).toEqual([...all].sort());
    goOn(11);
    await rivers.import(said, TODAY, { force: true });
    goOn(12);
  });

  test('the address and each identifier answer the same person, who is shown as not active', async () => {
    const id = await ada();
    const { _links: links, ...person } = (await osdi.get(`/people/${id}`).expect(200)).body;
    expect(person).toMatchObject({ custom_fields: { role: 'student', active: false }, modified_date: atHour(11) });
    for (const identifier of [`rollbook:${id}`, 'oneroster:ada', 'other:7'])
      for (const field of ['identifier', 'identifiers'])
        expect(await found(`${field} eq '${identifier}'`)).toEqual([
          { ...person, _links: expect.objectContaining({ self: links.self }) },
        ]);
    await osdi.get(`/people/${id}/attendances`).expect(200);
  });

  test('the collection has who is there, and a filter of custom_fields.active tells the deleted', async () => {
    const others = all.slice(1).sort();
    expect((await ids()).sort()).toEqual(others);
    expect((await ids('modified_date le 2030-01-01')).sort()).toEqual(others);
    expect((await ids('custom_fields.active eq true')).sort()).toEqual(others);
    expect(await ids('custom_fields.active eq false')).toEqual(['oneroster:ada']);
    expect(await ids('custom_fields/active ne true')).toEqual(['oneroster:ada']);
  });

  test('whoever keeps a copy is told of the deletion by modified_date, and of the return', async () => {
    const changed = (hour: number) =>
      ids(`modified_date ge ${atHour(hour)} and (custom_fields.active eq true or custom_fields.active eq false)`);
    expect(await changed(11)).toContain('oneroster:ada');
    expect(await ids(`modified_date ge ${atHour(11)} and custom_fields.active eq false`)).toEqual(['oneroster:ada']);
    expect(await changed(12)).toEqual([]);
    await rivers.import(only({ id: 'ada' }), TODAY, { force: true });
    expect(await changed(12)).toEqual(['oneroster:ada']);
    const [back] = await found(`identifier eq 'oneroster:ada'`);
    expect(back).toMatchObject({ custom_fields: { active: true }, modified_date: atHour(12) });
    // What deletes nobody anew changes nobody.
    goOn(13);
    await rivers.import(only({ id: 'ada' }), TODAY, { force: true });
    expect(await changed(13)).toEqual([]);
  });

  test('a deletion that is said again is no other change', async () => {
    await rivers.import(said, TODAY, { force: true });
    expect((await osdi.get(`/people/${await ada()}`)).body.modified_date).toBe(atHour(11));
  });
});
