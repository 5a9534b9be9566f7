import { idOn } from '../../../src/days';
import { DAY, errorOf, everything, type Osdi, openOsdi, scheduled } from './osdi';

let osdi: Osdi;
let event: string;
/** Ada's attendance of the event. */
let ada: string;
beforeEach(async () => {
  osdi = await openOsdi();
  event = await scheduled(osdi);
  ada = `${event}/attendances/${idOn(osdi.api.world.enrollments.ada, DAY)}`;
});
afterEach(() => osdi.api.close());

const markNow = async () => {
  const { districts, sections, ledger } = osdi.api.world;
  const [mark] = await ledger.marks({ district: districts.larkspur, section: sections.algebra });
  return mark ? [mark.status, mark.comment] : undefined;
};
const take = () => osdi.api.mark([osdi.api.world.enrollments.grace, DAY, 1]);
const [present, absent, late, excused] = [1, 2, 3, 4] as const;

describe.each(['put', 'patch'] as const)('%s', (verb) => {
  test('changes the fields that it has, and leaves the others', async () => {
    const all = { identifiers: ['a:1', 'b:2'], origin_system: 'X', action_date: '2014-03-18T11:02:15Z', comment: 'c' };
    await osdi[verb](ada).send({ ...all, status: 'accepted' });
    const { status, body } = await osdi[verb](`${ada}/`).send({ status: 'declined' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...all,
      identifiers: [expect.stringMatching(/^rollbook:/), 'a:1', 'b:2'],
      status: 'declined',
    });
    const { body: cleared } = await osdi[verb](ada).send({
      origin_system: null,
      action_date: null,
      comment: null,
      status: null,
    });
    expect(cleared).toMatchObject({ identifiers: body.identifiers, origin_system: 'rollbook' });
    for (const field of ['action_date', 'comment', 'status', 'attended']) expect(cleared).not.toHaveProperty(field);
    expect((await osdi.get(ada)).body).toEqual(cleared);
  });

  test('replaces identifiers whole, and keeps our own', async () => {
    const own = `rollbook:${idOn(osdi.api.world.enrollments.ada, DAY)}`;
    for (const [sent, shown] of [
      [
        ['a:1', 'b:2'],
        ['a:1', 'b:2'],
      ],
      [['c:3', own], ['c:3']],
      [[], []],
      [null, []],
    ] as const)
      expect((await osdi[verb](ada).send({ identifiers: sent })).body.identifiers).toEqual([own, ...shown]);
  });
});

test.each([
  [undefined, true, present],
  [undefined, false, absent],
  [present, true, present],
  [present, false, absent],
  [absent, true, present],
  [absent, false, absent],
  [late, true, late],
  [late, false, absent],
  [excused, true, present],
  [excused, false, excused],
])('over %s, attended: %s leaves %s', async (before, attended, after) => {
  if (before) await osdi.api.mark([osdi.api.world.enrollments.ada, DAY, before, before === present ? '' : 'why']);
  const { status, body } = await osdi.put(ada).send({ attended });
  expect([status, body.attended]).toEqual([200, attended]);
  const kept = before && before !== present ? 'why' : ''; // a comment that is not sent stays
  expect(await markNow()).toEqual(after === present ? undefined : [after, kept]);
  expect(body.comment).toBe((after !== present && kept) || undefined);
});

test.each(['present', 'absent', 'late', 'excused'])('a status of %s over each of the others stands', async (status) => {
  for (const before of [present, absent, late, excused]) {
    await osdi.api.mark([osdi.api.world.enrollments.ada, DAY, before]);
    const { body } = await osdi.patch(ada).send({ status });
    expect(body.status).toBe(status === 'present' ? 'accepted' : status);
    expect((await markNow())?.[0]).toBe({ present: undefined, absent, late, excused }[status]);
  }
});

test('an RSVP says nothing of what happened', async () => {
  await osdi.api.mark([osdi.api.world.enrollments.ada, DAY, absent, 'ill']);
  const journal = () => osdi.api.world.ledger.history({ district: osdi.api.world.districts.larkspur });
  const before = await journal();
  const { body } = await osdi.put(ada).send({ status: 'declined' });
  expect([body.status, body.attended, await markNow()]).toEqual(['absent', false, [absent, 'ill']]);
  const { body: here } = await osdi.put(ada).send({ attended: true });
  expect([here.status, here.attended]).toEqual(['declined', true]);
  expect((await journal()).length).toBe(before.length + 1);
});

test('a comment goes to the mark that stands, else beside it', async () => {
  await osdi.put(ada).send({ comment: 'of the RSVP' });
  await osdi.put(ada).send({ status: 'late' });
  expect((await osdi.get(ada)).body.comment).toBe('of the RSVP');
  const { body: marked } = await osdi.put(ada).send({ comment: 'of the mark' });
  expect([marked.comment, await markNow()]).toEqual(['of the mark', [late, 'of the mark']]);
  const { body: cleared } = await osdi.put(ada).send({ comment: null });
  expect([cleared.comment, await markNow()]).toEqual([undefined, [late, '']]);
  expect((await osdi.put(ada).send({ attended: false, comment: 'ill' })).body.comment).toBe('ill');
  expect((await osdi.put(ada).send({ attended: true })).body.comment).toBe('of the RSVP');
});

test('a full representation, sent back, changes nothing but what was changed in it', async () => {
  await osdi.api.mark([osdi.api.world.enrollments.ada, DAY, absent, 'ill']);
  const { body } = await osdi.get(ada);
  const same = await osdi.put(ada).send(body);
  const { created_date: _, modified_date: __, ...rest } = body;
  expect([same.status, same.body]).toEqual([200, expect.objectContaining(rest)]);
  const readOnly = {
    _links: { ...body._links, curies: { name: 'osdi' }, self: 'x' },
    _embedded: { 'osdi:person': {} },
    created_date: 'never',
    modified_date: 5,
    person: { identifiers: ['oneroster:ada'], given_name: 'Ada' },
    shoe_size: 38,
  };
  const { status, body: changed } = await osdi.put(ada).send({ ...body, ...readOnly, comment: 'flu' });
  expect([status, changed.comment, changed._links]).toEqual([200, 'flu', body._links]);
  expect(await markNow()).toEqual([absent, 'flu']);
  await osdi.api.mark([osdi.api.world.enrollments.ada, DAY, late]);
  expect((await osdi.get(ada)).body.action_date >= body.action_date).toBe(true);
});

test('null for attended takes back what was said, but of a roll that is taken', async () => {
  expect((await osdi.put(ada).send({ attended: null })).status).toBe(200);
  for (const attended of [false, true]) {
    expect((await osdi.put(ada).send({ attended })).body.attended).toBe(attended);
    expect((await osdi.put(ada).send({ attended: null })).body).not.toHaveProperty('attended');
  }
  await osdi.api.mark([osdi.api.world.enrollments.ada, DAY, absent]);
  const before = await everything(osdi);
  const { status, body } = await osdi.put(ada).send({ attended: null });
  expect([status, errorOf(body)]).toEqual([400, expect.objectContaining({ error_code: 'ATTENDED_INVALID' })]);
  expect(await everything(osdi)).toEqual(before);
});

test('what already stands is not journaled again', async () => {
  await osdi.put(ada).send({ status: 'late', comment: 'bus' });
  const journal = () => osdi.api.world.ledger.history({ district: osdi.api.world.districts.larkspur });
  const before = await journal();
  await osdi.put(ada).send({ status: 'late', comment: 'bus', attended: true });
  expect(await journal()).toEqual(before);
});

describe('DELETE', () => {
  const notice = { notice: 'This attendance was successfully deleted.' };

  test('removes what was said and the RSVP: on a meeting that is not taken nothing is known then', async () => {
    for (const attended of [true, false]) {
      await osdi.put(ada).send({ status: 'tentative', attended });
      expect((await osdi.delete(ada)).body).toEqual(notice);
      const { body } = await osdi.get(ada);
      expect([body.status, body.attended]).toEqual([undefined, undefined]);
      expect(await markNow()).toBeUndefined();
    }
  });

  test('removes the mark and the RSVP: on a taken meeting the student is then present', async () => {
    await osdi.api.mark([osdi.api.world.enrollments.grace, DAY, present]);
    await osdi.put(ada).send({ status: 'tentative', identifiers: ['a:1'], attended: false, comment: 'ill' });
    const { status, body } = await osdi.delete(ada).send({ any: 'body' });
    expect([status, body]).toEqual([200, notice]);
    expect(await markNow()).toBeUndefined();
    expect((await osdi.get(ada)).body).toEqual({
      identifiers: [expect.stringMatching(/^rollbook:/)],
      origin_system: 'rollbook',
      created_date: expect.any(String),
      modified_date: expect.any(String),
      status: 'accepted',
      attended: true,
      _links: expect.any(Object),
    });
    const [journaled] = await osdi.api.world.ledger.history({ district: osdi.api.world.districts.larkspur });
    // Nobody says of the student any more what they were.
    expect(journaled).toMatchObject({ api: 'osdi', from_status: absent, from_comment: 'ill', to_status: null });
    expect(await osdi.api.world.database.knex('osdi_attendances')).toEqual([]);
  });

  test('takes no roll', async () => {
    await osdi.put(ada).send({ status: 'tentative' });
    const { body } = await osdi.delete(ada);
    expect(body).toEqual(notice);
    const { body: read } = await osdi.get(ada);
    expect([read.status, read.attended]).toEqual([undefined, undefined]);
  });

  test('a second time is the same', async () => {
    await osdi.delete(ada);
    expect((await osdi.delete(ada)).status).toBe(200);
  });
});

test('under the person, PUT, PATCH and DELETE are of the same attendance', async () => {
  const path = `/people/${osdi.api.world.people.ada}/attendances/${idOn(osdi.api.world.enrollments.ada, DAY)}`;
  expect((await osdi.put(path).send({ attended: false })).body.status).toBe('absent');
  expect((await osdi.patch(path).send({ status: 'late' })).body.status).toBe('late');
  expect((await osdi.delete(path)).status).toBe(200);
  expect((await osdi.get(ada)).body).not.toHaveProperty('attended');
});

test('If-Match lets the first of two writers through, and tells the second', async () => {
  const { headers } = await osdi.get(ada);
  const first = await osdi.put(ada).set('If-Match', headers.etag!).send({ status: 'late' });
  expect(first.status).toBe(200);
  for (const second of [osdi.put(ada).send({ status: 'absent' }), osdi.delete(ada)]) {
    const { status, body } = await second.set('If-Match', headers.etag!);
    expect([status, errorOf(body)]).toEqual([412, expect.objectContaining({ error_code: 'REVISION_STALE' })]);
  }
  expect(await markNow()).toEqual([late, '']);
  expect((await osdi.delete(ada).set('If-Match', first.headers.etag!)).status).toBe(200);
});

test('an attendance that is not, or is elsewhere, is not found and nothing changes', async () => {
  await take();
  const { enrollments, people, sections, districts, ledger } = osdi.api.world;
  const theirs = { ...osdi.api.world.actor, district: districts.elsewhere };
  await ledger.schedule(sections.elsewhere, DAY, theirs);
  const before = await everything(osdi);
  const paths = [
    `${event}/attendances/${idOn(enrollments.noether, DAY)}`,
    `${event}/attendances/${idOn(enrollments.alan, DAY)}`, // not enrolled that day
    `${event}/attendances/${idOn(enrollments.ada, '2025-10-02')}`,
    `${event}/attendances/${idOn(enrollments.eve, DAY)}`,
    `/events/${idOn(sections.elsewhere, DAY)}/attendances/${idOn(enrollments.eve, DAY)}`,
    `/people/${people.grace}/attendances/${idOn(enrollments.ada, DAY)}`,
    `${event}/attendances/x`,
    `${event}/attendances/0`,
    `${event}/attendances/999999999999999`,
  ];
  for (const path of paths)
    for (const verb of ['put', 'patch', 'delete'] as const) {
      const { status } = await osdi[verb](path).send({ attended: false });
      expect([verb, path, status]).toEqual([verb, path, 404]);
    }
  expect(await everything(osdi)).toEqual(before);
});

test.each([
  ['a list', '[]', 400],
  ['a text', '"x"', 400],
  ['no JSON', '{', 400],
  ['nothing', '', 400],
  ['JSON too deep to check', `{"comment":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 400],
  ['more than there may be', `{"comment":"${'x'.repeat(11 * 1024 * 1024)}"}`, 413],
])('a PUT of %s is refused', async (_what, body, expected) => {
  const before = await everything(osdi);
  const { status, body: answer } = await osdi.put(ada).type('application/json').send(body);
  expect([status, answer['osdi:error'].response_code]).toEqual([expected, expected]);
  expect(await everything(osdi)).toEqual(before);
});

test('two writers at once: both are answered, and one stands', async () => {
  const answers = await Promise.all(
    ['absent', 'late', 'excused', 'present'].map((status) =>
      osdi.put(ada).send({ status, identifiers: [`w:${status}`] }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const { body } = await osdi.get(ada);
  const shown = body.identifiers[1].slice('w:'.length);
  expect(body.status).toBe(shown === 'present' ? 'accepted' : shown);
});
