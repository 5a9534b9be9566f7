import { setTimeout as wait } from 'node:timers/promises';
import type { NewClient } from '../../src/clients/clients';
import type { World } from '../world';
import { signed } from './signed';

/** Between two calls of a kind, in milliseconds: without it they would take the time that a restart needs. */
const PAUSE = 40;

/** The servers that a proxy in front of them would send requests to. */
export interface Balanced {
  readonly urls: string[];
}

interface Query {
  readonly pagingMetadata?: { readonly cursors?: { readonly next?: string } };
}

/**
 * Calls the servers again and again in every way that depends on a key of theirs: signed, by token, by secret, and by
 * cursors that one of them hands out and another is asked with. Counts what is answered, and keeps what is refused.
 */
export function traffic({ urls }: Balanced, { sections }: World, client: NewClient) {
  const answered = { signature: 0, token: 0, secret: 0, cursor: 0 };
  const refused: string[] = [];
  let turn = 0;
  let isOver = false;
  const next = () => urls[turn++ % urls.length]!;
  const path = `/v1/sections/${sections.algebra}/attendance`;
  const bearer = { authorization: `Bearer ${client.token}` };

  const query = (url: string, cursorPaging: object) =>
    fetch(`${url}/bookings/v2/attendance/query`, {
      method: 'POST',
      headers: { ...bearer, 'content-type': 'application/json' },
      body: JSON.stringify({ query: { cursorPaging } }),
    });
  const cursor = async (): Promise<string> => {
    const { pagingMetadata } = (await (await query(next(), { limit: 1 })).json()) as Query;
    return pagingMetadata?.cursors?.next ?? 'none was handed out';
  };
  const follow = (handedOut: string) => query(next(), { cursor: handedOut });

  const ways: Record<keyof typeof answered, () => Promise<Response>> = {
    signature: () => {
      const url = next() + path;
      return fetch(url, { headers: { authorization: signed(client, 'GET', url) } });
    },
    token: () => fetch(next() + path, { headers: bearer }),
    secret: () =>
      fetch(`${next()}/oauth/access_token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${client.key}:${client.secret}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      }),
    cursor: async () => follow(await cursor()),
  };
  const keepCalling = async (way: keyof typeof answered) => {
    while (!isOver) {
      await wait(PAUSE);
      const response = await ways[way]();
      if (response.status === 200) answered[way]++;
      // On a machine that does much else, a body of ours may come too slowly: that says nothing of keys.
      else if (response.status !== 408) refused.push(`${way} ${response.status} ${await response.text()}`);
    }
  };
  const callers = (Object.keys(ways) as (keyof typeof answered)[]).map(keepCalling);

  return {
    answered,
    refused,
    cursor,
    follow,
    async stop(): Promise<void> {
      isOver = true;
      await Promise.all(callers);
    },
  };
}
