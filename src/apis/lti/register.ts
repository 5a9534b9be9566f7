import { randomBytes } from 'node:crypto';
import { RegistrationQuery } from '../../../schemas/lti/launch';
import type { Signer } from '../../clients/signer';
import { hashOf } from '../../clients/tokens';
import { type Call, type Endpoint, endpoint } from '../../http/endpoint';
import { resolveName } from '../../webhooks/addresses';
import { type Answered, type Outgoing, request } from '../../webhooks/request';
import type { Dependencies } from '../dependencies';
import { addressIn, textIn } from './claims';
import { openContexts } from './contexts';
import { carried } from './flow';
import { objectOf } from './json';
import { launchPages } from './pages';
import { openPlatforms, PlatformError, type PlatformRequest } from './platforms';
import { LaunchRefused } from './refusal';
import { objectIn, scopes } from './services';

/* Dynamic Registration 1.0: the administrator of a platform opens a link, and the two tell each other their addresses. */

/** Seconds for which a link of the operator's may be used, once. */
const INVITED = 7 * 86_400;

/** For which district a platform may register, and whose pages will show rollbook in a frame. */
interface Invitation {
  readonly district: number;
  readonly frame_origins: readonly string[];
  readonly nonce: string;
}

const invitations = (signer: Signer) => carried<Invitation>(signer, 'registration', INVITED);

/** What the operator hands to the administrator of a platform, as the last part of a link. */
export const invitationOf = (signer: Signer, district: number, frame_origins: readonly string[]): string =>
  invitations(signer).sign({ district, frame_origins, nonce: randomBytes(24).toString('base64url') });

const TOOL = 'https://purl.imsglobal.org/spec/lti-tool-configuration';
/** Whoever has the operator's link is nobody whom rollbook knows. */
const BY = { api: 'lti register', client: null, person: null };
/** Bytes, and milliseconds. */
const LARGEST = 131_072;
const PATIENCE = 10_000;
const SUCCESSES: readonly number[] = [200, 201];

/** `/lti/register`: what the administrator of a platform opens there. */
export function registrationEndpoint(dependencies: Dependencies): Endpoint {
  const { database, signer, networks } = dependencies;
  const platforms = openPlatforms(database);
  const contexts = openContexts(database);
  const { page, refusing } = launchPages(dependencies);

  const ask = async (url: string, asked: Pick<Outgoing, 'method' | 'headers' | 'body'>, what: string) => {
    const answer = await request(
      url,
      { ...asked, most: LARGEST, timeout: PATIENCE },
      { networks, resolve: resolveName },
    );
    const said = SUCCESSES.includes(answer.status ?? 0) ? objectIn(answer) : undefined;
    if (!said) throw refused(`${what}: ${sentenceOf(answer)}`);
    return said;
  };

  /** What the platform says of itself (3.4); it speaks for its own host alone. */
  async function configurationAt(url: string, frame_origins: readonly string[]) {
    const said = await ask(url, { method: 'GET', headers: { Accept: 'application/json' } }, 'Its configuration');
    const [issuer, authorization_url, token_url, keys_url, registration_url] = [
      textIn(said.issuer),
      ...['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'registration_endpoint'].map((name) =>
        webAddressIn(said[name]),
      ),
    ];
    if (!issuer || !authorization_url || !token_url || !keys_url || !registration_url)
      throw refused('Its configuration leaves out an address.');
    if (!URL.canParse(issuer) || new URL(issuer).host !== new URL(url).host)
      throw refused(`Its configuration is of ${issuer}, and is not at that host.`);
    // Canvas has the configuration at its maker's host, and each school at one of its own, which the operator has named.
    const { origin, host } = new URL(registration_url);
    if (host !== new URL(url).host && !frame_origins.includes(origin))
      throw refused(
        `It has tools register at ${host}, which is neither its host nor one of the link (--frame-origin).`,
      );
    return { issuer, authorization_url, token_url, keys_url, registration_url };
  }

  /** Tells the platform what rollbook is, and is told by which names the platform calls it (3.5). */
  async function registeredAt(url: string, token: string | undefined, call: Call) {
    const headers = {
      ...{ Accept: 'application/json', 'Content-Type': 'application/json' },
      ...(token && { Authorization: `Bearer ${token}` }),
    };
    const body = JSON.stringify(registrationOf(call));
    const said = await ask(url, { method: 'POST', headers, body }, 'Registration');
    const client = textIn(said.client_id);
    if (!client) throw refused('Registration: the LMS did not say a client id.');
    return { client, deployment: textIn(objectOf(said[TOOL])?.deployment_id) };
  }

  return endpoint({
    method: 'GET',
    path: '/register/:invitation',
    summary: 'Registers a platform whose administrator opens it there',
    successes: [303],
    elsewhere: true,
    perAddress: { points: 60, window: 600 },
    schemas: { query: RegistrationQuery },
    handle: (call) =>
      refusing(async (of) => {
        const { openid_configuration, registration_token } = call.query;
        const invitation = invitations(signer).open(call.params.invitation);
        of.frame_origins = invitation?.value.frame_origins;
        if (!call.confidential) throw new LaunchRefused('insecure');
        if (!invitation || invitation.isOver)
          throw refused('The link is not one of rollbook, or is older than a week.');
        const { district, frame_origins, nonce } = invitation.value;
        const at = webAddressIn(openid_configuration);
        if (!at) throw refused('The LMS did not say where its configuration is: open the link inside the LMS.');
        const { registration_url, ...addresses } = await configurationAt(at, frame_origins);
        if (!(await contexts.take(district, hashOf(nonce), INVITED))) throw refused('The link was used already.');
        try {
          const { client, deployment } = await registeredAt(registration_url, registration_token, call);
          const known: PlatformRequest = { ...addresses, oauth_client_id: client, frame_origins, trusts_email: false };
          const { id } = await added(known, district, deployment);
          const told = { issuer: addresses.issuer, client, deployment };
          return { status: 303, headers: { Location: page(id, 'registered', told) } };
        } catch (error) {
          await contexts.giveBack(district, hashOf(nonce)); // the link stays good: nothing came of it
          throw error;
        }
      }),
  });

  async function added(known: PlatformRequest, district: number, deployment: string | undefined) {
    try {
      return await platforms.add(known, district, deployment, BY);
    } catch (error) {
      throw error instanceof PlatformError ? refused(error.message) : error;
    }
  }
}

const refused = (description: string) => new LaunchRefused('registration', { description });

const sentenceOf = ({ status, error }: Answered): string => {
  if (status === null) return error;
  return SUCCESSES.includes(status) ? 'the LMS answered something else than JSON.' : `the LMS answered ${status}.`;
};

/** An address that can be asked; a `file:` is none. */
const webAddressIn = (value: unknown): string | null => {
  const address = addressIn(value);
  return address && /^https?:/.test(address) ? address : null;
};

/** 3.5.1: as a client of OpenID Connect Dynamic Registration, and as a tool. */
function registrationOf({ link }: Pick<Call, 'link'>) {
  const launch = link('/lti/launch');
  return {
    ...{ application_type: 'web', response_types: ['id_token'], grant_types: ['implicit', 'client_credentials'] },
    ...{ initiate_login_uri: link('/lti/login'), redirect_uris: [launch], client_name: 'rollbook' },
    ...{ jwks_uri: link('/lti/jwks'), token_endpoint_auth_method: 'private_key_jwt' },
    scope: Object.values(scopes).join(' '),
    [TOOL]: {
      ...{
        domain: new URL(launch).host,
        target_link_uri: launch,
        description: 'Attendance: takes the roll of a class.',
      },
      claims: ['iss', 'sub', 'name', 'given_name', 'family_name', 'email'],
      messages: ['LtiResourceLinkRequest', 'LtiDeepLinkingRequest'].map((type) => ({
        ...{ type, target_link_uri: launch, label: 'Attendance' },
      })),
    },
  };
}
