import { ClientError } from '../../../clients/clients';
import { partOf } from '../../../clients/roles';
import { openSignIn } from '../../../clients/sign-in';
import type { Call, Endpoint, Reply } from '../../../http/endpoint';
import type { OpenId } from '../../../openid';
import { openDistricts } from '../../../roster/districts';
import type { House } from '../../house';
import { enter } from './enter';
import { flowCookie, flowOf, noFlowCookie } from './flow';
import { openProvider, ProviderError } from './provider';

/** Why somebody who came from the provider is not let in; the page has a sentence for each. */
type Reason =
  | ProviderError['reason']
  | 'insecure'
  | 'expired'
  | 'unverified'
  | 'unknown'
  | 'ambiguous'
  | 'role'
  | 'revoked'
  | 'setup';

class Refusal extends Error {
  constructor(readonly reason: Reason) {
    super(reason);
  }
}

const CALLBACK = '/sign-in/openid/callback';

/** `/sign-in/openid`: signs people in who have an account at the provider, by their email address (OpenID Connect). */
export function openidEndpoints(house: House, openid: OpenId): Endpoint[] {
  const { database, clients, signer } = house;
  const provider = openProvider(openid);
  const signIn = openSignIn(database, clients);

  const begin = async ({ link, confidential, secureCookies }: Call): Promise<Reply> => {
    if (!confidential) throw new Refusal('insecure');
    await districtOf(house, openid);
    const { url, flow } = await provider.begin(link(CALLBACK));
    return { status: 303, headers: { Location: url, 'Set-Cookie': flowCookie(signer, flow, secureCookies) } };
  };

  const finish = async (call: Call): Promise<Reply> => {
    const { link, query, cookie, confidential, secureCookies } = call;
    if (!confidential) throw new Refusal('insecure');
    const flow = flowOf(signer, cookie);
    if (!flow) throw new Refusal('expired');
    const email = await provider.finish(new URL(link(CALLBACK, { ...query })), flow);
    if (email === undefined) throw new Refusal('unverified');
    const client = await clientOf(await districtOf(house, openid), email);
    const { cookie: session } = await enter(house, client, call);
    return { status: 303, headers: { Location: '/', 'Set-Cookie': [session, noFlowCookie(secureCookies)] } };
  };

  /** The client of the only person with this address who may sign in: parents often share theirs with a teacher. */
  async function clientOf(district: number, email: string): Promise<number> {
    const people = await signIn.withEmail(district, email);
    const [one, another] = people.filter(({ role }) => partOf(role));
    if (!one) throw new Refusal(people.length > 0 ? 'role' : 'unknown');
    if (another) throw new Refusal('ambiguous');
    try {
      return await signIn.admit(district, one.id);
    } catch (error) {
      throw error instanceof ClientError ? new Refusal('revoked') : error;
    }
  }

  /** A browser is here, with somebody before it: what is refused is said by the page. */
  const refused = async (call: Call, work: (call: Call) => Promise<Reply>): Promise<Reply> => {
    try {
      return await work(call);
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof ProviderError)) throw error;
      if (error instanceof ProviderError && error.reason !== 'denied') house.onFault(error);
      const headers = { Location: `/#/refused/${error.reason}`, 'Set-Cookie': noFlowCookie(call.secureCookies) };
      return { status: 303, headers };
    }
  };

  return [
    { method: 'GET', path: '/openid', elsewhere: true, handle: (call) => refused(call, begin) },
    {
      method: 'GET',
      path: '/openid/callback',
      elsewhere: true,
      schemas: { query: 'rollbook/openid.query' },
      handle: (call) => refused(call, finish),
    },
  ];
}

async function districtOf({ database, onFault }: House, { district }: OpenId): Promise<number> {
  const districts = openDistricts(database);
  const found = district === undefined ? await districts.list() : [await districts.find(district)];
  if (found.length === 1 && found[0]) return found[0].id;
  onFault(new Error('OPENID_DISTRICT must be the id or name of the district whose people sign in by OpenID Connect.'));
  throw new Refusal('setup');
}
