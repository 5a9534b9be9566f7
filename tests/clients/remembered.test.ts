import { openClients } from '../../src/clients/clients';
import { secretsWith } from '../../src/clients/secrets';
import { later, rightClock, setClock } from '../clock';
import { openWorld, type World } from '../world';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  rightClock();
  await world.close();
});

/** The clients as one process sees them. */
const process = () => openClients(world.database, secretsWith(['a key that is used in tests alone']));
const newClient = (clients: ReturnType<typeof process>) =>
  clients.create({ district: world.districts.larkspur, name: 'test', scopes: ['attendance:read'] });

test('a revocation takes effect at once where it was made, and within a second everywhere else', async () => {
  const [here, there] = [process(), process()];
  const { id, key, token } = await newClient(here);
  const known = async (clients: typeof here) => [(await clients.byKey(key))?.id, (await clients.byToken(token))?.id];
  expect([await known(here), await known(there)]).toEqual([
    [id, id],
    [id, id],
  ]);
  await here.revoke(id);
  expect(await known(here)).toEqual([undefined, undefined]);
  later(1);
  expect(await known(there)).toEqual([undefined, undefined]);
});

test('and also where the clock was set back meanwhile', async () => {
  const [here, there] = [process(), process()];
  const { id, key, token } = await newClient(here);
  const known = async () => [(await there.byKey(key))?.id, (await there.byToken(token))?.id];
  expect(await known()).toEqual([id, id]);
  await here.revoke(id);
  setClock(-3_600);
  later(1);
  expect(await known()).toEqual([undefined, undefined]);
});

test('a token is not taken beyond its end, however lately it was', async () => {
  const clients = process();
  const { id } = await newClient(clients);
  setClock(0);
  const token = await clients.issueToken(id, 60);
  later(59.7);
  expect((await clients.byToken(token))?.id).toBe(id);
  setClock(0.299);
  expect((await clients.byToken(token))?.id).toBe(id);
  setClock(0.001);
  await world.database.knex('api_tokens').whereNotNull('expires_at').update({ expires_at: '2020-01-01T00:00:00.000Z' });
  expect(await clients.byToken(token)).toBeUndefined();
});

test('what is not there is asked for each time', async () => {
  const clients = process();
  const { id } = await newClient(clients);
  const token = await clients.issueToken(id, 60);
  const rows = await world.database.knex('api_tokens').whereNotNull('expires_at');
  await world.database.knex('api_tokens').whereNotNull('expires_at').delete();
  expect(await clients.byToken(token)).toBeUndefined();
  await world.database.knex('api_tokens').insert(rows);
  expect((await clients.byToken(token))?.id).toBe(id);
});
