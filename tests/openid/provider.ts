import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../../src/lib/root';
import type { OpenId } from '../../src/service/config';

/** oidc-provider, running beside the tests. */
export interface TestProvider {
  /** What rollbook is configured with. */
  readonly openid: OpenId;
  /** Lets it send browsers back to the service at this address, and forget who has signed in. */
  serve(url: string): Promise<void>;
  /** The same for launches of LTI, to an address of https, of which it says this. */
  launch(redirectUri: string, said: object): Promise<void>;
  stop(): Promise<void>;
}

export async function startProvider(): Promise<TestProvider> {
  const child = fork(join(root, 'tests/openid/oidc-provider.mjs'), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const [{ issuer }] = await once(child, 'message');
  const told = async (message: object) => {
    const ready = once(child, 'message');
    child.send(message);
    await ready;
  };
  return {
    openid: {
      issuer: new URL(issuer),
      clientId: 'rollbook',
      clientSecret: 'a secret shared',
      name: 'Larkspur ID',
      district: 'Larkspur',
      timeout: 5,
    },
    serve: (url) => told({ callback: `${url}/sign-in/openid/callback` }),
    launch: (callback, said) => told({ callback, said }),
    async stop() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
