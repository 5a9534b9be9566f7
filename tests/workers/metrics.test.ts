import { setTimeout as wait } from 'node:timers/promises';
import { attendanceOf, clientOf, envOf } from '../cli/many';
import { type RunningServer, startServer } from '../cli/process';
import { samplesOf, sumOf } from '../service/exposition';
import { openWorld, type World } from '../world';

/** The metrics of several processes are those of one service. */
jest.setTimeout(120_000);

let world: World;
let server: RunningServer;
beforeEach(async () => {
  world = await openWorld();
  server = await startServer({ ...envOf(world), METRICS_PORT: '0' }, '--workers', '2');
  while (server.log().split('"msg":"listening"').length <= 2) await wait(20);
});
afterEach(async () => {
  await server.stop('SIGTERM');
  await world.close();
});

const scrape = async () => {
  const [, url] = /"metrics":"([^"]+)"/.exec(server.log())!;
  return samplesOf(await (await fetch(url!)).text());
};
const workers = () =>
  [...server.log().matchAll(/"pid":(\d+),"hostname":"[^"]*","worker":\d+,"address"/g)].map(([, pid]) => Number(pid));

test('they are counted together, and what one counted that has ended, or does not answer, is not lost', async () => {
  const { token } = await clientOf(world);
  const { get } = attendanceOf(server.url, world, token);
  const counted = async () =>
    sumOf(await scrape(), 'http_request_duration_seconds_count', { route: '/v1/sections/:section/attendance' });
  for (let round = 0; round < 10; round++) await (await get()).text();
  expect(await counted()).toBe(10);
  const samples = await scrape();
  expect(sumOf(samples, 'rollbook_db_pool_size')).toBe(2);
  expect(samples.filter(({ name }) => name.startsWith('rollbook_rolls')).map(({ name }) => name)).toEqual([
    'rollbook_rolls_due',
    'rollbook_rolls_taken',
  ]);

  const [first, second] = workers();
  process.kill(first!, 'SIGSTOP');
  expect(await counted()).toBe(10);
  process.kill(first!, 'SIGCONT');
  process.kill(second!, 'SIGKILL');
  while (server.log().split('"msg":"listening"').length <= 3) await wait(20);
  for (let round = 0; round < 3; round++) await (await get()).text();
  expect(await counted()).toBe(13);
});
