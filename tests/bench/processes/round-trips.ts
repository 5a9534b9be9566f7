import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

export interface RoundTrips {
  /** The same URL, through here. */
  readonly url: string;
  /** How many times somebody has said something after the database had answered. */
  count(): number;
  stop(): Promise<void>;
}

/** Stands between a service and its PostgreSQL, and counts. */
export async function countRoundTrips(databaseUrl: string): Promise<RoundTrips> {
  const target = new URL(databaseUrl);
  let trips = 0;
  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname);
    let isAnswered = true;
    client.on('data', () => {
      if (isAnswered) trips++;
      isAnswered = false;
    });
    database.on('data', () => {
      isAnswered = true;
    });
    client.setNoDelay().pipe(database.setNoDelay()).pipe(client);
    for (const socket of [client, database])
      socket.on('error', () => {
        client.destroy();
        database.destroy();
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    count: () => trips,
    async stop() {
      server.close();
    },
  };
}
