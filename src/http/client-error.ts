import { IncomingMessage, type RequestListener, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Problem } from '../lib/problem';
import { breakBody } from './body';
import { setFixedHeaders } from './headers';
import { HttpProblem } from './problem';
import { type OnRefusal, plainRefuser } from './refusal';

/** The request line and all headers together, in bytes: Node reads no more of them. */
export const MAX_HEAD = 16 * 1024;

/**
 * Has a server hand its requests to a listener, and answers what Node refuses before there is a request: a head that is no
 * HTTP, is too long or comes too slowly. As no API is known, it is answered in problem details. A request that has come
 * whole is answered first, whatever follows it on the connection. Where it is the body of a request that cannot be read, who
 * reads it is told, and answers in the words of its API.
 * @param prefix of every path, as clients see it
 * @param onUnread told of each that is answered here
 */
export function serving(listener: RequestListener, prefix: string, onUnread?: OnRefusal): (server: Server) => void {
  const refusePlainly = plainRefuser(prefix);
  const latest = new WeakMap<Socket, ServerResponse>();
  const broken = new WeakSet<Socket>();

  const begin: RequestListener = (request, response) => {
    latest.set(request.socket, response);
    listener(request, response);
  };

  function refuse(socket: Socket, problem: Problem, method: string): void {
    if (!socket.writable) return;
    onUnread?.(problem);
    const request = new IncomingMessage(socket);
    request.method = method;
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once('finish', () => socket.destroySoon());
    setFixedHeaders(response);
    refusePlainly(response, problem);
  }

  /** Nothing more is read of a connection: what is on its way is answered, then this, and then it is closed. */
  function end(socket: Socket, problemOf: (isOfBody: boolean) => Problem, method = ''): void {
    if (broken.has(socket)) return; // the parser says it again of all that still comes
    broken.add(socket);
    const answer = latest.get(socket);
    const isOfBody = answer !== undefined && !answer.req.complete;
    const problem = problemOf(isOfBody);
    if (isOfBody) {
      if (!answer.headersSent) answer.setHeader('Connection', 'close');
      breakBody(answer.req, problem);
    }
    const last = () => (isOfBody ? socket.destroySoon() : refuse(socket, problem, method));
    if (!answer || answer.closed) last();
    else answer.once('close', last);
  }

  return (server) => {
    // Node answers an expectation that it does not know by itself, unless somebody listens.
    server.on('request', begin).on('checkExpectation', begin);
    server.on('clientError', (error: ParserError, duplex) => {
      const socket = duplex as Socket;
      if (isOfParser(error)) end(socket, (isOfBody) => problemFrom(error, isOfBody), methodOf(error));
      else socket.destroy(); // the connection itself has failed
    });
    server.on('connect', (_request, duplex) => {
      const socket = duplex as Socket;
      socket.on('error', () => socket.destroy()); // Node has let go of it
      end(socket, () => noProxy);
    });
  };
}

/** RFC 9110, 10.2.1: "An empty Allow field value indicates that the resource allows no methods". */
const noProxy = new HttpProblem('METHOD_NOT_ALLOWED', 'There is no CONNECT here: this is no proxy.', { Allow: '' });

interface ParserError extends NodeJS.ErrnoException {
  /** What the parser objects to, in its own words, and what it was given last. */
  readonly reason?: string;
  readonly rawPacket?: Buffer;
}

/** RFC 9110, 9.3.2: "The server MUST NOT send content in the response" to HEAD. Heads mostly come in one piece. */
const methodOf = ({ rawPacket }: ParserError): string => /^[A-Z]+/.exec(String(rawPacket?.subarray(0, 8)))?.[0] ?? '';

const SLOW = 'ERR_HTTP_REQUEST_TIMEOUT';

const isOfParser = ({ code = '' }: ParserError): boolean => code === SLOW || code.startsWith('HPE_');

function problemFrom({ code, reason }: ParserError, isOfBody: boolean): Problem {
  if (code === SLOW) return new Problem(isOfBody ? 'BODY_SLOW' : 'REQUEST_SLOW');
  if (code === 'HPE_HEADER_OVERFLOW')
    return new Problem('HEADERS_TOO_MANY', `The request line and all headers may have ${MAX_HEAD} bytes together.`);
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW')
    return new Problem('BODY_TOO_LARGE', 'The extensions of the chunks are too long.');
  return new Problem('REQUEST_MALFORMED', reason && `This is no HTTP: ${reason}.`);
}
