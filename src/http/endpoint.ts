import type { TSchema } from '@sinclair/typebox';
import type { TypeOf } from '../../schemas/types';
import type { Read } from '../audit/read';
import type { Caller, Scope } from '../clients/client';
import type { ErrorCode, Problem } from '../lib/problem';
import type { Budget } from './admission/rates';
import type { Credential } from './credentials/credentials';
import type { Format } from './formats/format';
import type { Cors } from './headers';
import type { Streamed } from './send';
import type { Transport } from './transport';

/**
 * The pattern of a path below the base of an API, as it is counted and logged: `/marks`, `/rolls/:section/:date`. What may follow in
 * Express, `{/*rest}`, is told like a parameter.
 */
export const patternOf = (base: string, path: string): string =>
  `${base}${path}`.replace(/\{\/\*(\w+)\}$/, '/:$1').replace(/(?<=.)\/$/, '');

/** A request with HTTP taken off: decoded, validated, its caller known and permitted. */
export interface Call<Params = object, Query = object, Body = unknown> extends Transport {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  /** Who calls by the same credential now, for who has waited. Throws Problem where it is good no more, or may no more. */
  again(): Promise<Caller>;
  /** Of the database that answers: what is handed out to be brought back is good in it alone. */
  readonly epoch: string;
  /** The revisions named in If-Match, of which one must stand; undefined where any will do. */
  readonly revisions: readonly number[] | undefined;
  /** `If-None-Match: *`: it is to make what is not there yet, or nothing. */
  readonly isForNew: boolean;
  /** The Cookie field, for endpoints that begin and end sessions. */
  readonly cookie: string | undefined;
  /** The media type in which it is answered. */
  readonly type: string;
  /** The Last-Event-ID field: up to where the client has read a stream of events. */
  readonly lastEventId: string | undefined;
  /** Is aborted when the client has its answer, or has gone away. */
  gone(): AbortSignal;
  /** The path that was asked for, without its query. */
  readonly path: string;
  /** An absolute URL of this server, as the client can reach it. */
  link(path: string, query?: Readonly<Record<string, string>>): string;
}

/** An answer before HTTP is put on. */
export interface Reply<Body = unknown> {
  readonly status: number;
  /** The value to encode, or how to get it: not asked where the client has this revision already. */
  readonly body?: Body | Streamed<Body> | (() => Promise<Body | Streamed<Body>>);
  /** A list where a field is sent several times, as Set-Cookie is (RFC 9110, 5.3). */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** The revision of what is answered, which has the same body as long as it stands; becomes the ETag. */
  readonly revision?: number;
  /** A hash of what is answered, where it may change without a revision, as by a roster import. Goes into the ETag, too. */
  readonly content?: number;
  /** Whose records it has, if it has any: for the audit of reads, of which it is one also where the client has it already. */
  readonly reads?: readonly Read[];
}

/** What is held against what; see `schemas/`. */
export interface Schemas<Query = TSchema, Body = TSchema, Answer = TSchema> {
  readonly query?: Query;
  readonly body?: Body;
  /** Checked in tests and development. */
  readonly reply?: Answer;
}

export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the API's base, e.g. `/sections/:section/attendance`. */
  readonly path: string;
  /** What it does, in a line, for who reads the API's document. */
  readonly summary: string;
  /** With which statuses it succeeds, where that is not 200. */
  readonly successes?: readonly number[];
  /** What it says in headers of its own where it succeeds: what each is, by its name, for who reads the API's document. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Why it may fail beside what it shares with every endpoint like it; see `statuses.ts`. */
  readonly errors?: readonly ErrorCode[];
  /** What the caller must be allowed. Missing: anybody may call, a caller without credentials is `nobody`. */
  readonly scope?: Scope;
  readonly schemas?: Schemas;
  /** It reads through a district, or streams it: only a few are worked on at the same time, after all others. */
  readonly heavy?: boolean;
  /** It waits for another service, and keeps nobody up meanwhile. */
  readonly elsewhere?: boolean;
  /** How often one address of the network may ask for it, beside what it may ask for altogether. */
  readonly perAddress?: Budget;
  /** It is never answered from a copy of the database, which may lag. */
  readonly current?: boolean;
  /** Where it speaks others than its API; errors stay in the API's. */
  readonly formats?: readonly Format[];
  /** Whether the words of its path are the same in capital letters and in small ones. */
  readonly anyCase?: boolean;
  /** Whether pages of any origin may show it in a frame: it is public, static, and has nothing that could be clicked. */
  readonly framed?: boolean;
  handle(call: Call): Promise<Reply>;
}

/** What an endpoint is told beside the types of its calls. */
type Definition<Path, Query, Body, Answer> = Omit<Endpoint, 'path' | 'schemas' | 'handle'> & {
  readonly path: Path;
  readonly schemas?: Schemas<Query, Body, Answer>;
};

/**
 * An endpoint whose calls and replies have the types that its path and its schemas say. A handler that reads what its schemas
 * do not have, or replies what they do not have, does not compile.
 */
export const endpoint = <
  const Path extends string,
  Given extends TypeOf<Answer>,
  Query extends TSchema | undefined = undefined,
  Body extends TSchema | undefined = undefined,
  Answer extends TSchema | undefined = undefined,
>(
  definition: Definition<Path, Query, Body, Answer> & {
    handle(
      call: Call<ParamsOf<Path>, TypeOf<Query>, TypeOf<Body>>,
    ): Promise<Reply<Given> & Reply<Exactly<TypeOf<Answer>, Given>>>;
  },
): Endpoint => definition as Endpoint;

/** The parameters of a path: `/rolls/:section/:date` has `section` and `date`. */
type ParamsOf<Path extends string> = Path extends `${string}:${infer Rest}`
  ? Rest extends `${infer Name}/${infer More}`
    ? { readonly [Each in Name]: string } & ParamsOf<`/${More}`>
    : { readonly [Each in Rest]: string }
  : object;

/** What is given, but never where the shape does not have it: an object of TypeScript may have more than its type says. */
type Exactly<Shape, Given> = [Shape] extends [never]
  ? never
  : unknown extends Shape
    ? Given
    : Given extends readonly (infer Item)[]
      ? readonly Exactly<Extract<Shape, readonly unknown[]>[number], Item>[]
      : Given extends object
        ? { readonly [Name in keyof Given]: Exactly<Property<Shape, Name>, Given[Name]> }
        : Given;

/** The type of a property of a shape, which may be one of several; never where none has it. */
type Property<Shape, Name> = Shape extends object ? (Name extends keyof Shape ? Shape[Name] : never) : never;

/** One API that rollbook speaks. */
export interface Api {
  /** What the journal calls it, and its document: those of one name are described in one. */
  readonly name: string;
  /** What its document is called, and what that says of it first, in Markdown. */
  readonly title: string;
  readonly description: string;
  /** What its endpoints are listed under in the document; without it, the first word of each path. */
  readonly tag?: string;
  /** What the parameters of its paths are, by their names. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Where it is mounted, e.g. `/v1`. */
  readonly base: string;
  /** The favourite first. */
  readonly formats: readonly Format[];
  /** Tried in this order. */
  readonly credentials: readonly Credential[];
  /** The header of every answer that names the request, where clients tell their support which one it was. */
  readonly requestIdHeader?: string;
  /** The header by which its caller acts as somebody else; the others refuse it, rather than answer with all rights. */
  readonly actsAs?: string;
  /**
   * Whether it refuses parameters of a query that its document does not have. Clients of APIs of others send some, as pages do of
   * every call, or keep others from being cached.
   */
  readonly refusesUnknown?: boolean;
  /** Sent with every answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Where web pages of other origins may call it. */
  readonly cors?: Cors;
  /** How it says no: the body of an error, to a request of this path. */
  refuse(problem: Problem, path: string): unknown;
  /** What that looks like. */
  readonly errors: TSchema;
  /** The first whose path fits is taken. */
  readonly endpoints: readonly Endpoint[];
}
