import { randomBytes } from 'node:crypto';
import { LinkBody, LinkReply } from '../../../schemas/lti/linking';
import { SHORT } from '../../clients/sessions';
import type { Signer } from '../../clients/signer';
import { type Call, type Endpoint, endpoint } from '../../http/endpoint';
import { Problem } from '../../lib/problem';
import type { Dependencies } from '../dependencies';
import type { LinkedPage, Linking } from './claims';
import { carried } from './flow';
import { library } from './library';
import { openPlatforms, type Platform } from './platforms';
import { ALGORITHM, openToolKeys } from './tool-keys';

/* Deep Linking 2.0: somebody puts a link into a course, and chooses here what it is of. */

/** Seconds for which the platform may take the answer. */
const ANSWER = 300;

const LTI = 'https://purl.imsglobal.org/spec/lti/claim/';
const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim/';

/** What links are called in the course; whoever puts them there may call them otherwise. */
const titles: Readonly<Record<LinkedPage, string>> = {
  roll: 'Attendance',
  own: 'My attendance',
  month: 'Attendance this month',
};

/** A link that is asked for: it is theirs to choose, in the session that the launch began. */
export const linkings = (signer: Signer) =>
  carried<Linking & { readonly district: number; readonly deployment: number; readonly client: number }>(
    signer,
    'linking',
    SHORT,
  );

/** Whose forms a page of a platform may send: that of its pages, and of the address at which it says who somebody is. */
export const formOriginsOf = ({ frame_origins, authorization_url }: Platform): readonly string[] => [
  ...new Set([...frame_origins, new URL(authorization_url).origin]),
];

/** Whether an address is one to which the pages may send a form (CSP Level 3, 6.7.2.8: `*.` is all hosts below). */
export const isAt = (address: string, platform: Platform): boolean => {
  const { protocol, host, origin } = new URL(address);
  return formOriginsOf(platform).some((source) => {
    const [scheme, below] = source.split('//*.');
    return below === undefined ? source === origin : scheme === protocol && host.endsWith(`.${below}`);
  });
};

/** `/lti/link`: somebody says what a link is of; the page hands the answer to the platform. */
export function linkEndpoint({ database, signer, secrets }: Dependencies): Endpoint {
  const platforms = openPlatforms(database);
  const keys = openToolKeys(database);

  return endpoint({
    method: 'POST',
    path: '/',
    summary: 'Says what a link in a course of the platform is of',
    scope: 'attendance:read',
    errors: ['NOT_FOUND'],
    schemas: { body: LinkBody, reply: LinkReply },
    async handle({ caller, body, link }) {
      const asked = linkings(signer).read(body.handle);
      const isTheirs = asked?.district === caller.district && asked.client === caller.client;
      const place = isTheirs ? await platforms.deploymentById(asked.deployment) : undefined;
      const platform = place?.district_id === caller.district ? await platforms.byId(place.platform_id) : undefined;
      if (!asked || !place || !platform)
        throw new Problem('NOT_FOUND', 'This launch is not known. Open rollbook from the course again.');
      const jwt = await answer(platform, place.deployment, asked, itemOf(body.page, link));
      return { status: 200, body: { return_url: asked.return_url, jwt }, headers: { 'Cache-Control': 'no-store' } };
    },
  });

  /** 4.5. */
  async function answer(platform: Platform, deployment: string, { data }: Linking, item: object): Promise<string> {
    const { SignJWT, importPKCS8 } = library();
    const { kid, sealed } = await keys.signing();
    const claims = {
      nonce: randomBytes(24).toString('base64url'),
      [`${LTI}deployment_id`]: deployment,
      [`${LTI}message_type`]: 'LtiDeepLinkingResponse',
      [`${LTI}version`]: '1.3.0',
      [`${DL}content_items`]: [item],
      ...(data !== null && { [`${DL}data`]: data }),
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, kid, typ: 'JWT' })
      .setIssuer(platform.oauth_client_id)
      .setAudience(platform.issuer)
      .setIssuedAt()
      .setExpirationTime(`${ANSWER}s`)
      .sign(await importPKCS8(secrets.open(sealed), ALGORITHM));
  }
}

const itemOf = (page: LinkedPage, link: Call['link']) => ({
  ...{ type: 'ltiResourceLink', title: titles[page], url: link('/lti/launch') },
  custom: { rollbook_page: page },
});
