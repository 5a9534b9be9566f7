import { LETTER_FIELD } from '../../../src/lib/letter-fields';
import { type Api, openApi } from '../../api';

let api: Api;
let path: string;
beforeEach(async () => {
  api = await openApi();
  path = `/schools/${(await api.world.database.knex('schools').first()).id}/chronic-letter`;
});
afterEach(() => api.close());

const put = (text: unknown, by = api, more = {}) => by.put(path).send({ text, ...more });

test('a school writes what it likes, and the usual letter where it has no text of its own', async () => {
  const usual = (await api.get(path).expect(200)).body;
  expect([usual.usual, usual.text]).toEqual([true, expect.stringContaining('{days_missed} of {days} school days')]);
  const text = 'Dear family of {name},\n\n{percent} is much. <b>Call us</b>, or not: }{.';
  expect((await put(text)).body).toEqual({ text, language: 'en', usual: false });
  expect((await put('')).body).toEqual(usual);
});

test('the language of the letter is kept beside its text, and each has a usual text; it is English where nothing is said', async () => {
  const text = 'A la familia de {name}: {percent}.';
  expect((await put(text, api, { language: 'es' })).body).toEqual({ text, language: 'es', usual: false });
  expect((await api.get(path)).body).toEqual({ text, language: 'es', usual: false });
  for (const language of ['fr', 'es-MX', null, '']) {
    const { status, body } = await put('Other', api, { language });
    expect([status, body.code, body.errors[0].field]).toEqual([400, 'BODY_INVALID', 'language']);
  }
  expect((await api.get(path)).body).toEqual({ text, language: 'es', usual: false });
  const { body: spanish } = await put('', api, { language: 'es' });
  expect(spanish).toEqual({ text: expect.stringContaining('A la familia de {name}'), language: 'es', usual: true });
  const { body: english } = await put('');
  expect(english).toEqual({ text: expect.stringContaining('To the family of {name}'), language: 'en', usual: true });
  const fields = (of: string) => [...new Set(of.match(LETTER_FIELD))].sort();
  expect(fields(spanish.text)).toEqual(fields(english.text));
});

test.each(['Dear {nmae}', '{name} {days missed}', '{}', '{__proto__}', '{toString}'])(
  '%j has a field that does not exist: it is refused, and the text stays',
  async (text) => {
    await put('Dear family of {name}').expect(200);
    const { status, body } = await put(text);
    expect([status, body.code, body.errors[0].field]).toEqual([400, 'BODY_INVALID', 'text']);
    expect((await api.get(path)).body.text).toBe('Dear family of {name}');
  },
);

test('a letter that does not fit on a page, and one of a teacher or of another district, are refused', async () => {
  const teacher = await api.as({ person: api.world.people.noether });
  const other = await api.as({ district: api.world.districts.elsewhere });
  expect([
    (await put('a'.repeat(4_001))).status,
    (await put('Ours', teacher)).status,
    (await put('Ours', other)).status,
    (await other.get(path)).status,
  ]).toEqual([400, 403, 404, 404]);
  expect((await api.get(path)).body.usual).toBe(true);
});
