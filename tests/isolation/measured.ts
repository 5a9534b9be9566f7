import { type Api, openApi } from '../api';
import { call, carrying, kindsOf } from './calling';
import { createFixtures, type Fixtures, type Ids, nowhere } from './fixtures';
import { type Row, table } from './table';

/** How long another district waits for an id of this one, and for an id of nothing. */
const ROUNDS = Number(process.env.ROUNDS ?? 200);
/** Of the sign test: by chance alone one endpoint in ten thousand is beyond it. */
const NOISE = 3.9;

let api: Api;
let fixtures: Fixtures;
let stranger: Api;
beforeAll(async () => {
  api = await openApi();
  fixtures = await createFixtures(api);
  stranger = await api.as({ district: fixtures.birch.district });
});
afterAll(() => api.close());

const median = (times: readonly number[]) =>
  [...times].sort((one, other) => one - other)[Math.floor(times.length / 2)]!;

async function timed(endpoint: string, row: Row, ids: Ids): Promise<number> {
  const started = performance.now();
  await call(api, endpoint, row, ids, carrying(row.ask(ids).path, stranger.token));
  return performance.now() - started;
}

/** In pairs, the one or the other first by turns, so that whatever else goes on strikes both alike. */
async function measured(endpoint: string, row: Row): Promise<{ ratio: number; sign: number }> {
  const foreign: number[] = [];
  const unknown: number[] = [];
  for (let round = -10; round < ROUNDS; round++) {
    const [first, second] = round % 2 === 0 ? [fixtures.alder.ids, nowhere] : [nowhere, fixtures.alder.ids];
    const times = [await timed(endpoint, row, first), await timed(endpoint, row, second)];
    if (round < 0) continue;
    foreign.push(times[first === nowhere ? 1 : 0]!);
    unknown.push(times[first === nowhere ? 0 : 1]!);
  }
  const later = foreign.filter((time, index) => time > unknown[index]!).length;
  return { ratio: median(foreign) / median(unknown), sign: (2 * later - ROUNDS) / Math.sqrt(ROUNDS) };
}

test('an id of another district takes as long as an id of nothing', async () => {
  const lines: string[] = [];
  const told: string[] = [];
  for (const [endpoint, row] of Object.entries(table)) {
    if (kindsOf(row, nowhere).length === 0) continue;
    const { ratio, sign } = await measured(endpoint, row);
    const line = `${ratio.toFixed(3)}  ${sign.toFixed(1).padStart(5)}  ${endpoint}`;
    lines.push(line);
    if (Math.abs(sign) > NOISE) told.push(line);
  }
  process.stdout.write(
    `\n${process.env.ENGINE}: ${ROUNDS} pairs an endpoint; noise is a sign within ${NOISE}\nratio   sign  endpoint\n${lines.join('\n')}\n`,
  );
  expect(told).toEqual([]);
}, 3_600_000);
