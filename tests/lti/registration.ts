import type { IncomingMessage, ServerResponse } from 'node:http';

const PLATFORM = 'https://purl.imsglobal.org/spec/lti-platform-configuration';
const TOOL = 'https://purl.imsglobal.org/spec/lti-tool-configuration';

/** Where an LMS lets tools register themselves: Dynamic Registration 1.0. It refuses what breaks its rules. */
export function openRegistration(at: () => string, { clientId, deployment }: { clientId: string; deployment: string }) {
  const token = 'the token of the administrator';
  let [configuration, answer]: [object, object] = [{}, {}];
  const registered: Record<string, unknown>[] = [];

  const faultIn = (said: Record<string, unknown>, authorization: string | undefined): string | undefined => {
    if (authorization !== `Bearer ${token}`) return 'another token';
    const right = { application_type: 'web', token_endpoint_auth_method: 'private_key_jwt' };
    for (const [name, value] of Object.entries(right)) if (said[name] !== value) return `${name} is to be ${value}`;
    for (const name of ['initiate_login_uri', 'jwks_uri', 'client_name', 'scope'])
      if (typeof said[name] !== 'string') return `${name} is missing`;
    for (const name of ['redirect_uris', 'response_types', 'grant_types'])
      if (!Array.isArray(said[name])) return `${name} is to be a list`;
    const tool = said[TOOL] as { domain?: string; messages?: unknown[]; claims?: unknown[]; target_link_uri?: string };
    if (!tool?.domain || !tool.target_link_uri || !tool.messages?.length || !tool.claims)
      return 'no tool configuration';
    return new URL(tool.target_link_uri).host === tool.domain ? undefined : 'domain is another';
  };

  return {
    /** What was registered. */
    registered,
    /** What the administrator opens: the link with what the LMS adds to it. */
    opened: (link: string, configurationUrl = `${at()}/openid-configuration`) =>
      `${link}?${new URLSearchParams({ openid_configuration: configurationUrl, registration_token: token })}`,
    /** What it says otherwise than it is to. */
    says: (more: { configuration?: object; answer?: object }) => {
      [configuration, answer] = [more.configuration ?? {}, more.answer ?? {}];
    },

    /** Whether it was asked for something of this. */
    async answer(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
      const json = (status: number, body: object) =>
        response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
      if (request.url === '/openid-configuration')
        json(200, {
          ...{ issuer: at(), authorization_endpoint: `${at()}/authorize`, token_endpoint: `${at()}/token` },
          ...{ jwks_uri: `${at()}/jwks`, registration_endpoint: `${at()}/register` },
          [PLATFORM]: { product_family_code: 'stand-in', messages_supported: [{ type: 'LtiResourceLinkRequest' }] },
          ...configuration,
        });
      else if (request.url === '/register' && request.method === 'POST') {
        let body = '';
        for await (const chunk of request) body += chunk;
        const said = JSON.parse(body);
        const fault = faultIn(said, request.headers.authorization);
        if (fault) json(400, { error: fault });
        else {
          registered.push(said);
          json(201, { ...said, client_id: clientId, [TOOL]: { ...said[TOOL], deployment_id: deployment }, ...answer });
        }
      } else return false;
      return true;
    },
  };
}
