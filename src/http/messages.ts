import { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Express } from 'express';

/** What a server of Node makes requests and responses by. */
export interface Messages {
  readonly IncomingMessage?: typeof IncomingMessage;
  readonly ServerResponse?: typeof ServerResponse;
}

/** The first major of Node whose V8 loses nothing when an object is given another prototype. */
const FAST = 24;

/**
 * Makes requests and responses with the prototypes that an application gives to them. Express sets these when a request
 * comes (`app.handle`), and the V8 of Node 20 and 22 then takes whatever touches such an object along its slow paths, which
 * is two thirds of the time of a small answer. An object that has its prototype already stays as it is. Newer ones gain
 * nothing by it, so theirs are left as they are.
 */
export function messagesOf({ request, response }: Express, node = process.versions.node): Messages {
  if (Number.parseInt(node, 10) >= FAST) return {};
  function Request(this: IncomingMessage, socket: Socket) {
    (IncomingMessage as unknown as (this: IncomingMessage, socket: Socket) => void).call(this, socket);
  }
  Request.prototype = request;
  function Response(this: ServerResponse, to: IncomingMessage, options: object) {
    type Construct = (this: ServerResponse, to: IncomingMessage, options: object) => void;
    (ServerResponse as unknown as Construct).call(this, to, options);
  }
  Response.prototype = response;
  return {
    IncomingMessage: Request as unknown as typeof IncomingMessage,
    ServerResponse: Response as unknown as typeof ServerResponse,
  };
}
