import { openWorld, type World } from '../world';
import { clientOf, envOf } from './many';
import { type RunningServer, startServer } from './process';

/** Two services on one database, as two processes. */
let world: World;
let servers: RunningServer[];
beforeAll(async () => {
  world = await openWorld({ reuse: false });
  servers = await Promise.all([startServer(envOf(world)), startServer(envOf(world))]);
}, 60_000);
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop('SIGTERM')));
  await world.close();
});

test('of writers with the same ETag in two processes one wins, and the others are told', async () => {
  const { token } = await clientOf(world);
  const addresses = servers.map(({ url }) => `${url}/v1/sections/${world.sections.algebra}/attendance`);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  for (let round = 0; round < 5; round++) {
    const etag = (await fetch(addresses[0]!, { headers })).headers.get('etag')!;
    const write = (address: string, index: number) => {
      // On a day of its own: what already stands changes nothing, and no revision.
      const attendance = { enrollment_id: world.enrollments.ada, date: `2026-0${round + 1}-1${index}`, status: 2 };
      const body = JSON.stringify({ attendances: { attendance } });
      return fetch(address, { method: 'PUT', headers: { ...headers, 'if-match': etag }, body });
    };
    const answers = await Promise.all([0, 1, 2, 3, 4, 5].map((index) => write(addresses[index % 2]!, index)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412, 412]);
  }
  const history = await world.ledger.history({ district: world.districts.larkspur });
  expect(history.filter(({ enrollment_id }) => enrollment_id !== null)).toHaveLength(5);
}, 60_000);
