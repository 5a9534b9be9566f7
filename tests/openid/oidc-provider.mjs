import { once } from 'node:events';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

/**
 * A real provider of OpenID Connect as a process of its own, since it is an ECMAScript module. Whoever types an address in is
 * the person who has it; one that begins with `unverified.` the provider has not verified. It tells its parent where it is, and is
 * told where it may send browsers back to, and what its ID tokens say of everybody, where they are to be launches of LTI.
 */
const server = createServer().listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://127.0.0.1:${server.address().port}`;

process.on('message', ({ callback, said }) => {
  const client = { client_id: 'rollbook', client_secret: 'a secret shared', redirect_uris: [callback] };
  const launched = { ...client, response_types: ['id_token'], grant_types: ['implicit'] };
  const provider = new Provider(issuer, {
    clients: [said ? launched : client],
    claims: { email: ['email', 'email_verified'], openid: ['sub', ...Object.keys(said ?? {})] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: id, email_verified: !id.startsWith('unverified.'), ...said }),
    }),
    // Who has typed an address in has agreed to all that is asked.
    async loadExistingGrant({ oidc: { client, session, provider } }) {
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid email');
      await grant.save();
      return grant;
    },
  });
  server.removeAllListeners('request').on('request', provider.callback());
  process.send({ ready: true });
});
process.on('disconnect', () => process.exit());
process.send({ issuer });
