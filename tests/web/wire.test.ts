import type { Stand } from '../../src/web/roll/marks';
import { loadStand, type RollUpdate, sendRoll } from '../../src/web/roll/wire';

const base: Stand = { etag: '"3.json"', taken: false, marks: {} };
const update: RollUpdate = {
  ...{ section: 7, date: '2026-11-16', base, taken: true },
  statuses: { 1: { status: 2, comment: 'flu' }, 2: null, 3: { status: 3, comment: '' } },
};

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

/** A server that gives these answers, one after the other; what it was asked. */
function serve(...answers: [status: number, body?: object, etag?: string][]): Asked[] {
  const asked: Asked[] = [];
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (path, { method, headers, body } = {}) => {
    asked.push({
      ...{ method: method!, path: String(path), headers: headers as Record<string, string> },
      body: body && JSON.parse(String(body)),
    });
    const [status, answer, etag = '"4.json"'] = answers.shift()!;
    const json = { 'Content-Type': 'application/json', ETag: etag };
    return new Response(answer && JSON.stringify(answer), { status, headers: json });
  });
  return asked;
}
afterEach(() => jest.restoreAllMocks());

const reply = { taken_at: '2026-11-16T15:00:00Z', taken_by: 'Emmy Noether', statuses: [] };
/** What the page makes of it. */
const replied: Stand = {
  etag: '"4.json"',
  taken: true,
  taking: { at: '2026-11-16T15:00:00Z', by: 'Emmy Noether' },
  marks: {},
};
const refusal = (...fields: string[]) => ({
  ...{ status: 400, code: 'BODY_INVALID', title: 'no' },
  errors: fields.map((field) => ({ field, message: `${field} is wrong` })),
});

test('what is wanted goes as it is, over what was read, and nobody else is named', async () => {
  const asked = serve([200, reply]);
  expect(await sendRoll(update)).toEqual({ outcome: 'saved', stand: replied });
  expect(asked).toEqual([
    {
      ...{ method: 'PATCH', path: './rolls/7/2026-11-16' },
      headers: expect.objectContaining({ 'If-Match': '"3.json"' }),
      body: {
        taken: true,
        statuses: [
          { enrollment_id: 1, status: 2, comment: 'flu' },
          { enrollment_id: 2, status: null },
          { enrollment_id: 3, status: 3, comment: '' },
        ],
      },
    },
  ]);
});

test.each([
  ['is not on the roll', 'enrollment_id', true],
  ['is on the roll, and would be present if it were taken', 'comment', undefined],
])('of whom something is refused is left out, and the rest sent: the student %s', async (_who, field, taken) => {
  const asked = serve([400, refusal(`statuses.0.${field}`)], [200, reply]);
  const message = `statuses.0.${field} is wrong`;
  expect(await sendRoll(update)).toMatchObject({ outcome: 'partly', refused: [{ enrollment: 1, message }] });
  const statuses = [
    { enrollment_id: 2, status: null },
    { enrollment_id: 3, status: 3, comment: '' },
  ];
  expect(asked[1]!.body).toEqual({ ...(taken && { taken }), statuses });
});

test('a refusal of the roll itself is told in the words of the server, and nothing else is sent', async () => {
  const asked = serve([409, { status: 409, code: 'DATE_AHEAD', detail: 'It is yet to come.' }]);
  expect(await sendRoll(update)).toEqual({ outcome: 'refused', message: 'It is yet to come.' });
  expect(asked).toHaveLength(1);
});

test('where the section has changed, and where it was never read, it is read first', async () => {
  const asked = serve([412, { status: 412, code: 'REVISION_STALE' }], [200, reply], [200, reply]);
  const stale = { outcome: 'stale', theirs: replied };
  expect(await sendRoll(update)).toEqual(stale);
  expect(await sendRoll({ ...update, base: { ...base, etag: '' } })).toEqual(stale);
  expect(asked.map(({ method }) => method)).toEqual(['PATCH', 'GET', 'GET']);
});

test('what stands already is not sent again, and a tag that was weakened on its way names the same', async () => {
  const asked = serve([200, reply, 'W/"4.json"'], [304]);
  expect((await loadStand(7, '2026-11-16')).etag).toBe('"4.json"');
  expect(await loadStand(7, '2026-11-16', '"4.json"')).toBeUndefined();
  expect(asked[1]!.headers['If-None-Match']).toBe('"4.json"');
});
