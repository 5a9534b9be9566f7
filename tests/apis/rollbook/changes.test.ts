import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Change } from '../../../schemas/rollbook/changes';
import { signerWith } from '../../../src/clients/signer';
import { claimEpoch } from '../../../src/database/epoch';
import { createYears, openYears } from '../../../src/database/years';
import { cursorsBy } from '../../../src/feed/cursors';
import { START } from '../../../src/feed/position';
import { openLedger } from '../../../src/ledger/ledger';
import { erase } from '../../../src/privacy/erase';
import { mergePeople } from '../../../src/privacy/merge';
import { openRetention } from '../../../src/privacy/retention';
import { subjectOf } from '../../../src/privacy/subject';
import { type Api, openApi } from '../../api';
import { rightClock, setClock } from '../../clock';
import { settled } from '../../settled';
import { openChecked } from '../../world';

let api: Api;
let stopping: AbortController;
beforeEach(async () => {
  stopping = new AbortController();
  // Two hundred at once take their time on a busy machine: none is refused for that.
  api = await openApi({ stopping: stopping.signal, limits: { wait: 60_000 } });
});
afterEach(() => api.close());

const DAY = '2025-10-07';
const read = async (query: string, as = api) => {
  await settled(api.world.database);
  return (await as.get(`/changes${query}`).expect(200)).body;
};
/** On PostgreSQL the end moves on with whatever is written anywhere in the server. */
const nothing = { changes: [], next: expect.any(String), more: false };
const changesOf = async (query: string, as = api): Promise<Change[]> => (await read(query, as)).changes;
const kindsOf = async (query: string, as = api) => (await changesOf(query, as)).map(({ kind }) => kind);
/** A roll with a mark and what was said of it, and another one. */
const write = async () => {
  const { ada, grace, adaInBiology } = api.world.enrollments;
  await api.mark([ada, DAY, 3, 'bus'], [grace, DAY, 1]);
  await api.mark([adaInBiology, DAY, 2]);
};

describe('the changes of a district', () => {
  test('are read page by page, each with the state that it made', async () => {
    await write();
    const { ada, adaInBiology } = api.world.enrollments;
    await api.mark([ada, DAY, 1]);
    const pages = [];
    let after = 'start';
    for (let more = true; more; ) {
      const page = await read(`?after=${after}&limit=2`);
      pages.push(page.changes);
      ({ next: after, more } = page);
    }
    const { algebra, biology } = api.world.sections;
    const by = { api: 'test', client: null, person: null };
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(pages.flat()).toMatchObject([
      { kind: 'roll.taken', section: algebra, revision: 1, date: DAY, by },
      { kind: 'mark', section: algebra, revision: 1, enrollment: ada, status: 3, comment: 'bus', code: '' },
      { kind: 'roll.taken', section: biology, revision: 1 },
      { kind: 'mark', section: biology, revision: 1, enrollment: adaInBiology, status: 2 },
      { kind: 'presence', section: algebra, revision: 2, enrollment: ada },
    ]);
    expect(await read(`?after=${after}`)).toEqual(nothing);
  });

  test('begin, without `after`, with the first; `now` is after the last', async () => {
    await write();
    expect(await kindsOf('')).toEqual(['roll.taken', 'mark', 'roll.taken', 'mark']);
    const { changes, next } = await read('?after=now');
    expect(changes).toEqual([]);
    await api.mark([api.world.enrollments.grace, DAY, 4]);
    expect(await kindsOf(`?after=${next}`)).toEqual(['mark']);
  });

  test('are lines where the client asks for NDJSON: the last one says where to go on', async () => {
    await write();
    const { changes, ...rest } = await read('?limit=3');
    const { text } = await api.get('/changes?limit=3').set('Accept', 'application/x-ndjson').buffer().expect(200);
    const lines = text.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([...changes, rest]);
  });

  test('of one section or school are read with its own cursor, which no other question takes', async () => {
    await write();
    const { algebra, biology } = api.world.sections;
    const { changes, next } = await read(`?section=${algebra}&limit=1`);
    expect(changes).toMatchObject([{ section: algebra }]);
    expect(await kindsOf(`?section=${algebra}&after=${next}`)).toEqual(['mark']);
    const [{ school_id: school }] = await api.world.database.knex('sections').where({ id: algebra });
    expect(await kindsOf(`?school=${school}`)).toHaveLength(4);
    for (const query of ['', `section=${biology}&`, `section=${algebra}&school=${school}&`])
      expect((await api.get(`/changes?${query}after=${next}`).expect(400)).body.detail).toMatch(
        /^(section|school) must be .*, as where the cursor was handed out/,
      );
  });

  test('of a section are those of a school in which it is or was, and refused of one in which it never was', async () => {
    await write();
    const { database, districts, sections } = api.world;
    const { algebra: section } = sections;
    const { school_id: there } = await database.knex('sections').where({ id: section }).first();
    const { id: _, ...row } = await database.knex('schools').where({ id: there }).first();
    const [{ id: school }] = await database
      .knex('schools')
      .insert({ ...row, sourced_id: 'another', number: '99' })
      .returning('id');
    const message = `must be a school of section ${section}, which is in school ${there} and was never in school ${school}`;
    const refused = [
      [await api.get(`/changes?section=${section}&school=${school}`), 'QUERY_INVALID'],
      [await api.post('/webhooks').send({ url: 'https://sis.example.org/', section, school }), 'BODY_INVALID'],
    ] as const;
    for (const [{ status, body }, code] of refused)
      expect([status, body.code, body.errors]).toEqual([400, code, [{ field: 'school', message }]]);
    expect((await api.get('/webhooks')).body.webhooks).toEqual([]);
    const days = { begin_date: '2025-01-01', end_date: '2025-02-01' };
    await database
      .knex('former_schools')
      .insert({ district_id: districts.larkspur, section_id: section, school_id: school, ...days });
    await api.get(`/changes?section=${section}&school=${school}`).expect(200);
    await api.post('/webhooks').send({ url: 'https://sis.example.org/', section, school }).expect(201);
  });

  test.each([
    ['limit=0', /^limit must be a whole number from 1 to 10000, not "0"/],
    ['limit=10001', /^limit must be a whole number from 1 to 10000/],
    ['limit=x', /^limit must be a whole number/],
    ['wait=31', /^wait must be a whole number from 0 to 30/],
    ['wait=0x1', /^wait must be a whole number from 0 to 30/],
    ['after=tomorrow', /^after must be start, now, or a cursor that was handed out to this district/],
  ])('are not answered to %s', async (query, sentence) => {
    expect((await api.get(`/changes?${query}`).expect(400)).body).toMatchObject({ code: 'QUERY_INVALID' });
    expect((await api.get(`/changes?${query}`)).body.detail).toMatch(sentence);
  });

  test('are not those of another district, nor is its cursor good here', async () => {
    await write();
    const elsewhere = await api.as({ district: api.world.districts.elsewhere });
    const { changes, next } = await read('', elsewhere);
    expect(changes).toEqual([]);
    expect((await api.get(`/changes?after=${next}`).expect(400)).body.detail).toContain('handed out to this district');
  });

  test('need the scope to read attendance', async () => {
    const other = await api.as({ scopes: ['roster:read'] });
    expect((await other.get('/changes').expect(403)).body.code).toBe('SCOPE_MISSING');
  });

  test('of a person are those of the sections and days that they may read', async () => {
    await write();
    const { world } = api;
    const mendel = await api.as({ person: world.people.mendel });
    expect(new Set((await changesOf('', mendel)).map(({ section }) => section))).toEqual(
      new Set([world.sections.biology]),
    );
    const forbidden = await mendel.get(`/changes?section=${world.sections.algebra}`).expect(403);
    expect(forbidden.body.code).toBe('SECTION_FORBIDDEN');
  });
});

/** What ends the good of a token, also for those who began to wait before. */
const refusals: [string, (token: string) => Promise<unknown>][] = [
  ['its client was revoked', async (token) => api.clients.revoke((await api.clients.byToken(token))!.id)],
  ['its client was rotated', async (token) => api.clients.rotate((await api.clients.byToken(token))!.id, 0)],
  ['its token was ended, as with a session', (token) => api.clients.endToken(token)],
  [
    'another process revoked its client',
    async (token) => {
      const { id } = (await api.clients.byToken(token))!;
      await api.world.database.knex('api_clients').where({ id }).update({ revoked_at: new Date().toISOString() });
      await wait(1_100); // as long as it is taken for granted
    },
  ],
];

describe('a cursor', () => {
  const cursors = cursorsBy(signerWith(['a key that is used in tests alone']));

  test('of another database, or of this one before it was restored, is at its end', async () => {
    const filter = { section: null, school: null };
    const after = cursors.write(
      { district: api.world.districts.larkspur, epoch: 'f'.repeat(16) },
      { ...filter, place: START, times: 0 },
    );
    expect((await api.get(`/changes?after=${after}`).expect(410)).body).toMatchObject({
      code: 'CURSOR_EXPIRED',
      detail: expect.stringContaining('before it was restored. Read everything again'),
    });
  });

  test('ends where a school year was erased that it had not read, and only there', async () => {
    const { world } = api;
    await api.mark([world.enrollments.ada, '2025-09-02', 2]);
    const { next: before } = await read('?limit=1');
    const { next: behind } = await read('');
    await openRetention(world.database).erase(world.districts.larkspur, 2025, { dryRun: false });
    await api.mark([world.enrollments.adaInBiology, '2025-10-07', 2]);
    await api.mark([world.enrollments.adaInBiology, '2025-10-07', 3]);
    expect((await api.get(`/changes?after=${before}`).expect(410)).body).toMatchObject({
      code: 'CURSOR_EXPIRED',
      detail: expect.stringContaining(
        'Changes of the district after this cursor were erased, or taken off, with their school year. Read everything again',
      ),
    });
    const erased = { kind: 'attendance.erased', begin_date: expect.any(String), end_date: expect.any(String) };
    expect(await changesOf(`?after=${behind}`)).toMatchObject([erased, {}, {}, {}]);
    // Whoever begins now has not missed anything that there is, at none of the pages.
    let after = 'start';
    const kinds: string[] = [];
    for (let more = true; more; ) {
      const page = await read(`?after=${after}&limit=1`);
      kinds.push(...page.changes.map(({ kind }: Change) => kind));
      ({ next: after, more } = page);
    }
    expect(kinds).toEqual(['attendance.erased', 'roll.taken', 'mark', 'mark']);
  });

  if (process.env.ENGINE === 'postgres')
    test('ends where a school year was taken off that it had not read; whoever begins then is told what is left', async () => {
      const { database, enrollments } = api.world;
      await database.knex('enrollments').where({ id: enrollments.ada }).update({ begin_date: '2024-08-26' });
      await database.knex.transaction((tx) => createYears(tx, database, { also: [2024] }));
      const marks = [
        [enrollments.ada, '2025-06-02', 2],
        [enrollments.ada, DAY, 3],
      ] as const;
      for (const [enrollment, date, status] of marks) await api.mark([enrollment, date, status]);
      const { next: before } = await read('?limit=1');
      const { next: behind } = await read('');
      await openYears(database).detach(2024, []);
      expect((await api.get(`/changes?after=${before}`).expect(410)).body).toMatchObject({ code: 'CURSOR_EXPIRED' });
      expect(await read(`?after=${behind}`)).toEqual(nothing);
      expect(await changesOf('')).toMatchObject([
        { kind: 'roll.taken', date: DAY },
        { kind: 'mark', date: DAY },
      ]);
    });

  test('comes with the marks: what changes after them is in the changes', async () => {
    await write();
    await settled(api.world.database);
    const { headers } = await api.get('/marks').expect(200);
    const { grace, ada } = api.world.enrollments;
    await api.mark([grace, DAY, 4], [ada, DAY, 1]);
    const after = headers['rollbook-changes-after'];
    expect(await changesOf(`?after=${after}`)).toMatchObject([
      { kind: 'mark', enrollment: grace, status: 4 },
      { kind: 'presence', enrollment: ada },
    ]);
    const { algebra } = api.world.sections;
    await settled(api.world.database);
    const ofSection = (await api.get(`/marks?section=${algebra}&from=${DAY}&to=${DAY}`).expect(200)).headers;
    expect(await kindsOf(`?section=${algebra}&after=${ofSection['rollbook-changes-after']}`)).toEqual([]);
  });
});

test('of a person who was erased it is said who they were by number, and no earlier change has a comment on them', async () => {
  await write();
  const { database, people, sections } = api.world;
  const { next } = await read('');
  await erase(database, await subjectOf(database, people.ada));
  expect(JSON.stringify(await changesOf(''))).not.toContain('bus');
  const changes = await changesOf(`?after=${next}`);
  expect(changes).toContainEqual({
    ...{ id: expect.any(Number), kind: 'person.erased', section: null, revision: null, person: people.ada },
    ...{ at: expect.any(String), by: { api: 'person erase', client: null, person: null } },
  });
  const touched = changes.filter(({ kind }) => kind === 'section.changed').map(({ section }) => section);
  expect(touched.sort()).toEqual([sections.algebra, sections.biology]);
  expect(await kindsOf(`?section=${sections.algebra}`)).toContain('person.erased');
});

test('of two people who were made one it is said who is no more, to whoever may know of the one who is kept', async () => {
  const { database, people, sections } = api.world;
  const [mendel, noether] = [people.mendel, people.noether];
  await write();
  const { next } = await read('');
  const teachers = await Promise.all([mendel, noether].map((person) => api.as({ person })));
  const merge = async (keep: number, drop: number) =>
    mergePeople(database, await subjectOf(database, keep), await subjectOf(database, drop));
  await merge(people.ada, people.grace);
  const merged = {
    ...{ id: expect.any(Number), kind: 'person.merged', section: null, revision: null },
    ...{ at: expect.any(String), by: { api: 'person merge', client: null, person: null } },
  };
  expect((await changesOf(`?after=${next}`)).at(-1)).toEqual({ ...merged, person: people.ada, merged: people.grace });
  for (const section of [sections.algebra, sections.biology])
    expect(await kindsOf(`?section=${section}`)).toContain('person.merged');
  for (const teacher of teachers) expect(await kindsOf('', teacher)).toContain('person.merged');
  // Of whoever was kept and is no more herself, the one before is hers, too: an erasure reaches all of them.
  await merge(people.alan, people.ada);
  const all = (await changesOf('')).filter(({ kind }) => kind === 'person.merged');
  expect(all).toEqual([
    { ...merged, person: people.alan, merged: people.grace },
    { ...merged, person: people.alan, merged: people.ada },
  ]);
  expect(JSON.stringify(await changesOf('', await api.as({ district: api.world.districts.elsewhere })))).toBe('[]');
});

describe('who waits', () => {
  test('is answered as soon as another process has written, and else when the time is up', async () => {
    const { next } = await read('?after=now');
    const waiting = read(`?after=${next}&wait=20`);
    await wait(300);
    const other = openChecked(api.world.url);
    const written = Date.now();
    await openLedger(other).record([{ enrollment: api.world.enrollments.ada, date: DAY, status: 2 }], api.world.actor);
    const { changes, next: later } = await waiting;
    expect(Date.now() - written).toBeLessThan(10_000);
    expect(changes).toMatchObject([{ kind: 'mark' }]);
    await other.close();
    expect(await read(`?after=${later}&wait=1`)).toEqual(nothing);
  });

  test('for a section is not answered by what happens in another', async () => {
    const { algebra } = api.world.sections;
    const { next } = await read(`?section=${algebra}&after=now`);
    const waiting = read(`?section=${algebra}&after=${next}&wait=20`);
    await api.mark([api.world.enrollments.adaInBiology, DAY, 2]);
    await wait(600);
    await api.mark([api.world.enrollments.ada, DAY, 2]);
    expect((await waiting).changes).toMatchObject([{ section: algebra }, { section: algebra }]);
  });

  test.each(refusals)('is refused what came after %s', async (_, refuse) => {
    const { token, get } = await api.as({});
    const { next } = (await get('/changes?after=now').expect(200)).body;
    const waiting = get(`/changes?after=${next}&wait=20`).then((answer) => answer);
    await wait(300);
    await refuse(token);
    await api.mark([api.world.enrollments.ada, DAY, 2]);
    const { status, body, headers } = await waiting;
    expect([status, body.code]).toEqual([401, 'CREDENTIALS_INVALID']);
    expect(headers['www-authenticate']).toContain('Bearer');
    expect(JSON.stringify(body)).not.toContain('mark');
  });

  test('by OAuth is held against the time when the request came, not against that when the wait is over', async () => {
    const { key, secret } = await api.clients.create({
      ...{ district: api.world.districts.larkspur, name: 'slow clock', scopes: ['attendance:read'] },
    });
    const timestamp = Math.floor(Date.now() / 1_000) - 100;
    const waiting = fetch(`${api.url}/changes?after=now&wait=20`, {
      headers: {
        Authorization: `OAuth oauth_consumer_key="${key}",oauth_signature_method="PLAINTEXT",oauth_signature="${secret}%26",oauth_timestamp="${timestamp}",oauth_nonce="1"`,
      },
    });
    await wait(1_500);
    setClock(250);
    await api.mark([api.world.enrollments.ada, DAY, 2]);
    const { status } = await waiting.finally(rightClock);
    expect(status).toBe(200);
  });

  test('is answered at once when the process stops', async () => {
    const waiting = read('?after=now&wait=30');
    await wait(300);
    stopping.abort();
    expect((await waiting).changes).toEqual([]);
  });

  test('is one of so many: a client has half of the places, and who comes then is told to come again', async () => {
    const other = await api.as({});
    const gone = new AbortController();
    const ask = (seconds: number) =>
      fetch(`${api.url}/changes?after=now&wait=${seconds}`, {
        headers: { Authorization: `Bearer ${api.token}` },
        signal: gone.signal,
      }).then(
        ({ status }) => status,
        () => 'gone',
      );
    const waiting = Array.from({ length: 201 }, () => ask(30));
    // One is too many; the others wait on.
    expect(await Promise.race(waiting)).toBe(503);
    await other.get('/changes?after=now&wait=1').expect(200);
    gone.abort();
    const statuses = await Promise.all(waiting);
    expect(statuses.filter((status) => status !== 'gone')).toEqual([503]);
    await wait(200);
    await api.get('/changes?after=now&wait=1').expect(200);
  });
});

describe('a stream of events', () => {
  /** What comes of it until it has so many changes, or its end. */
  async function* eventsOf(
    query: string,
    lastEventId?: string,
    token = api.token,
  ): AsyncGenerator<{ id?: string; data?: Change }> {
    const request = get(`${api.url}/changes${query}`, {
      agent: false,
      headers: {
        Authorization: `Bearer ${token}`,
        Accept: 'text/event-stream',
        'Accept-Encoding': 'gzip',
        ...(lastEventId && { 'Last-Event-ID': lastEventId }),
      },
    });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect([response.statusCode, response.headers['content-type'], response.headers['content-encoding']]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      undefined,
    ]);
    try {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) {
        text += chunk;
        const blocks = text.split('\n\n');
        text = blocks.pop()!;
        for (const block of blocks) {
          const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
          const [id, data] = [field('id'), field('data')];
          if (id !== undefined) yield { id, ...(data && { data: JSON.parse(data) }) };
        }
      }
    } finally {
      request.destroy();
    }
  }

  test('has each change as it comes, and goes on after the last that was read', async () => {
    await write();
    const seen: { id?: string; data?: Change }[] = [];
    for await (const event of eventsOf('?after=start')) {
      if (event.data) seen.push(event);
      if (seen.length === 4) await api.mark([api.world.enrollments.grace, DAY, 4]);
      if (seen.length === 5) break;
    }
    const all = await changesOf('');
    expect(seen.map(({ data }) => data)).toEqual(all);
    const rest: Change[] = [];
    for await (const { data } of eventsOf('?after=start', seen[1]!.id)) {
      if (data) rest.push(data);
      if (rest.length === 3) break;
    }
    expect(rest).toEqual(all.slice(2));
    expect(await changesOf(`?after=${seen[3]!.id}`)).toEqual(all.slice(4));
  });

  test('says first where it is: who loses it before anything has changed misses nothing', async () => {
    let first: string | undefined;
    for await (const { id } of eventsOf('?after=now')) {
      first = id;
      break;
    }
    await api.mark([api.world.enrollments.ada, DAY, 2]);
    expect(await kindsOf(`?after=${first}`)).toEqual(['roll.taken', 'mark']);
  });

  test.each(refusals)('ends, with nothing that came after %s', async (_, refuse) => {
    const { token, get } = await api.as({});
    const seen: Change[] = [];
    let last: string | undefined;
    for await (const { id, data } of eventsOf('?after=now', undefined, token)) {
      if (last === undefined) {
        await refuse(token);
        await api.mark([api.world.enrollments.ada, DAY, 2]);
      }
      last = id;
      if (data) seen.push(data);
    }
    expect(seen).toEqual([]);
    await get(`/changes?after=${last}`).expect(401);
    expect(await kindsOf(`?after=${last}`)).toEqual(['roll.taken', 'mark']);
  });

  test('ends when the process stops', async () => {
    const events = [];
    for await (const event of eventsOf('?after=now')) {
      events.push(event);
      stopping.abort();
    }
    expect(events.length).toBeGreaterThan(0);
  });

  test.each(['application/json', 'application/x-ndjson'])(
    'alone goes on after Last-Event-ID: %s is refused with it',
    async (type) => {
      const { next } = await read('?after=now');
      const asked = api.get('/changes?after=start').set('Accept', type).set('Last-Event-ID', next);
      const { text, headers } = await asked.buffer().expect(400);
      expect(headers['content-type']).toContain('json');
      expect(text).toContain('Last-Event-ID must be left out where no stream of events is asked for');
    },
  );

  test.each(['limit=5', 'wait=5'])('is not asked for with %s', async (query) => {
    const { body } = await api.get(`/changes?${query}`).set('Accept', 'text/event-stream').expect(400);
    expect(body.detail).toContain('must be left out of a stream');
  });
});

test('the epoch of cursors is that of the database', async () => {
  const { next } = await read('');
  const of = { district: api.world.districts.larkspur, epoch: await claimEpoch(api.world.database) };
  expect(cursorsBy(signerWith(['a key that is used in tests alone'])).read(of, next)).toMatchObject({ times: 0 });
});
