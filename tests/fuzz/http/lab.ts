import { apis as apisOf } from '../../../src/apis';
import { signerWith } from '../../../src/clients/signer';
import { createCredentials } from '../../../src/http/credentials/credentials';
import { openCodes } from '../../../src/ledger/codes';
import { openRoster } from '../../../src/roster/roster';
import { DAY, openSchool } from '../../apis/powerschool/school';
import { check } from '../check';
import { apiOf, faultIn, mayHaveWritten } from './answers';
import { fingerprintOf } from './fingerprint';
import { requestsTo } from './requests';
import { type Answer, curlOf, type Sent } from './sent';
import { wireTo } from './wire';

/** Told of every answer: whose it was and what came. */
export type Count = (api: string, status: number) => void;

/** The small school on the wire, for requests that are made up; each is held against what must hold of all. */
export async function openLab(count: Count = () => undefined) {
  const school = await openSchool();
  const { world, clients, url } = school;
  const { database, ledger, districts, people } = world;
  const apis = apisOf({
    database,
    clients,
    ledger,
    roster: openRoster(database),
    credentials: createCredentials(database, clients, {}),
    signer: signerWith(['never used: only the endpoints are of interest']),
    secrets: school.secrets,
    webhooks: school.webhooks,
    prefix: '',
    networks: [],
    onFault: () => undefined,
    log: { warn: () => undefined },
  });
  const tokenOf = async (client: Parameters<typeof school.as>[0]) => (await school.as(client)).token;
  const others = [
    await tokenOf({ scopes: ['attendance:read'] }),
    await tokenOf({ person: people.noether, scopes: ['attendance:read', 'attendance:write', 'roster:read'] }),
    await tokenOf({ district: districts.elsewhere }),
  ];
  const { key, secret } = await clients.create({
    district: districts.larkspur,
    name: 'k',
    scopes: ['attendance:read'],
  });
  const marks = [
    { enrollment: world.enrollments.ada, date: DAY, status: 2, comment: 'ill' },
    { enrollment: world.enrollments.grace, date: DAY, status: 3 },
    { enrollment: school.daily.ada, date: DAY, status: 4 },
  ];
  await ledger.record(marks, world.actor, { roll: 'always' });
  // A school gets the usual codes of a year when somebody first asks for them, by a GET too.
  const present = new Date().getUTCFullYear();
  const codes = openCodes(database);
  for (const { id, district_id } of await database.knex('schools').select('id', 'district_id'))
    for (let year = 2024; year <= present; year++) await codes.of(district_id, id, year);
  const wire = wireTo(url);
  const fingerprint = fingerprintOf(database);
  let before = await fingerprint();

  /** Throws what is wrong with what came of a request. */
  async function hold(sent: Sent): Promise<void> {
    const api = apiOf(apis, sent.target);
    const answer: Answer = await wire.send(sent);
    count(api?.name ?? 'none', answer.status);
    const fault = faultIn(sent, answer, api);
    if (fault) throw new Error(`${fault}\n${curlOf(sent, url)}`);
    const after = await fingerprint();
    const changed = before !== after;
    before = after;
    if (changed && !mayHaveWritten(sent, answer))
      throw new Error(`${sent.method} was answered ${answer.status}, and has written\n${curlOf(sent, url)}`);
  }

  const requests = requestsTo(apis, { all: school.token, others, key, secret });
  return {
    school,
    apis,
    requests,
    hold,
    /** Makes up so many requests and sends them; what fails is shrunk, and told as a line to send it by again. */
    run: (numRuns: number, seed?: number): Promise<void> => check(requests, hold, { numRuns, seed }),
    close: async () => {
      wire.close();
      await school.close();
    },
  };
}
