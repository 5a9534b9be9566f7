/*
 * `src/webhooks/`: Who is told of changes as they happen. `targets.ts` says where to and in whose words, `sender.ts` reads the
 * feed for each of them and sends, `progress.ts` keeps how far each has been told, `send.ts` is one attempt.
 */
import { type Caller, openStanding } from '../clients/client';
import type { Secrets } from '../clients/secrets';
import type { Database, Executor } from '../database/database';
import { openEpoch } from '../database/epoch';
import type { Values } from '../database/query';
import type { Position } from '../feed/position';
import { Problem } from '../lib/problem';
import { checkAddress, ForbiddenAddress, literalOf, type Networks } from './addresses';
import { openMayBeTold } from './may-be-told';
import { newSecret } from './signature';
import { type DisabledReason, isOfAnotherDatabase, type TargetRow, targetsSql } from './targets-sql';

/** How many targets a client may have, and all clients of a district together. */
export const OF_A_CLIENT = 10;
export const OF_A_DISTRICT = 100;
/** Characters. */
const LONGEST_URL = 2_000;

const SIGNED_IN =
  'Webhooks are of API clients: one goes on when whoever has made it is signed out. Ask the operator for an API client.';

/** Whose targets: those that a client has made through one API. */
export type Owner = Pick<Caller, 'district' | 'client' | 'person' | 'api' | 'member'>;

/** What a target is made of; `after` is the place in the feed from which it is told. */
export interface TargetRequest {
  readonly url: string;
  readonly description: string;
  readonly section: number | null;
  readonly school: number | null;
  readonly after: Position;
}

/** What of a target can be changed. */
export interface TargetChange {
  readonly url?: string | undefined;
  readonly description?: string | undefined;
  readonly enabled?: boolean | undefined;
}

/** A target as it is kept, and whether its client may be told. */
interface KeptTarget extends TargetRow {
  readonly may_be_told: boolean;
  /** When the database began to be this one: when it was restored, where it was. */
  readonly present_since: string | null;
}

/** What of a row tells its state, and is not said itself. */
type Place = 'after_transaction' | 'after_id' | 'epoch';

/** A target, without its secret. */
export interface Target extends Omit<TargetRow, Place | 'disabled_reason'> {
  readonly state: 'working' | 'failing' | 'disabled';
  readonly disabled_reason: DisabledReason | null;
}

/** A target and the secret by which its messages are signed from now on, shown once. */
export type WithSecret = Target & { readonly secret: string };

export type Targets = ReturnType<typeof openTargets>;

export interface TargetOptions {
  readonly networks: Networks;
  /** Told when the targets are others than before, or are to be told something else. */
  readonly changed?: () => void;
}

/** The targets of all clients. */
export function openTargets(database: Database, secrets: Secrets, { networks, changed = () => {} }: TargetOptions) {
  const sql = targetsSql(database);
  const stands = openStanding(database);
  const mayBeTold = openMayBeTold(database);
  const epoch = openEpoch(database);

  async function keptOf(rows: readonly TargetRow[], executor: Executor = database): Promise<KeptTarget[]> {
    const told = await mayBeTold(
      rows.map(({ client_id }) => client_id),
      executor,
    );
    const present_since = (await executor.all(sql.present))[0]!.since;
    return rows.map((row) => ({ ...row, may_be_told: told.has(row.client_id), present_since }));
  }

  const find = async (executor: Executor, values: Values): Promise<KeptTarget | undefined> =>
    (await keptOf(await executor.all(sql.get, values), executor))[0];

  /** Does something with a target of the owner's, as it stands; throws NOT_FOUND where there is no such one. */
  async function changing(
    owner: Owner,
    id: number,
    work: (tx: Executor, values: Values, row: KeptTarget, present: string) => Promise<unknown>,
  ): Promise<Target> {
    const [values, present] = [{ ...valuesOf(owner), id }, await epoch()];
    const row = await database.transaction(async (tx) => {
      await checkOwner(tx, owner);
      const found = await find(tx, values);
      if (!found) throw notFound(id);
      await work(tx, values, found, present);
      const [changed] = await tx.all(sql.get, values);
      return { ...found, ...changed }; // as it was, where it is removed
    });
    changed();
    return targetOf(row, present);
  }

  const targetsOf = async (rows: readonly TargetRow[]): Promise<Target[]> => {
    const present = await epoch();
    return (await keptOf(rows)).map((row) => targetOf(row, present));
  };

  /** A target is of the client: one that acts as a person it is not bound to would get what that person may not see. */
  async function checkOwner(executor: Executor, owner: Owner): Promise<void> {
    const [client] = await executor.all(sql.client, { district: owner.district, client: owner.client });
    if (client?.person_id !== owner.person)
      throw new Problem(
        'PERSON_FORBIDDEN',
        'Webhooks and targets of triggers are of the client itself: it cannot act as somebody else here.',
      );
  }

  return {
    /** The owner's targets, in the order in which they were made. */
    async list(owner: Owner): Promise<Target[]> {
      await checkOwner(database, owner);
      return targetsOf(await database.all(sql.list, valuesOf(owner)));
    },

    /** Throws NOT_FOUND where the owner has no such target. */
    async get(owner: Owner, id: number): Promise<Target> {
      await checkOwner(database, owner);
      const row = await find(database, { ...valuesOf(owner), id });
      if (!row) throw notFound(id);
      return targetOf(row, await epoch());
    },

    /**
     * Throws BODY_INVALID where the URL is not one that may be called, WEBHOOK_LIMIT where there are too many, and
     * SESSION_FORBIDDEN for a person who is signed in: it would go on without their session.
     */
    async add(owner: Owner, { after, ...request }: TargetRequest, field = 'url'): Promise<WithSecret> {
      if (owner.member) throw new Problem('SESSION_FORBIDDEN', SIGNED_IN);
      const url = checkUrl(request.url, networks, field);
      const secret = newSecret();
      const at = new Date().toISOString();
      const present = await epoch();
      const values = { ...valuesOf(owner), ...request, url, ...placeOf(after), epoch: present, at };
      const added = await database.transaction(async (tx) => {
        await tx.all(sql.hold, { district: owner.district }); // of two at once one waits here, and counts the other
        await checkOwner(tx, owner);
        const [count] = await tx.all(sql.count, { district: owner.district, client: owner.client });
        if (count!.of_client >= OF_A_CLIENT || count!.of_district >= OF_A_DISTRICT)
          throw new Problem(
            'WEBHOOK_LIMIT',
            `A client may have ${OF_A_CLIENT} webhooks, targets of triggers among them, a district ${OF_A_DISTRICT}. Remove one first.`,
          );
        const [made] = await tx.all(sql.add, { ...values, sealed: secrets.seal(secret) });
        return (await find(tx, { ...valuesOf(owner), ...made! }))!;
      });
      changed();
      return { ...targetOf(added, present), secret };
    },

    /**
     * What is not said stays. A target that is enabled goes on from where it stopped; one that is failing is tried at once,
     * also at another address. Throws WEBHOOK_RESTORED where nobody knows where that is, SCOPE_MISSING where its client may not be told.
     */
    async change(
      owner: Owner,
      id: number,
      { url, description, enabled }: TargetChange,
      field = 'url',
    ): Promise<Target> {
      const named = {
        url: url === undefined ? null : checkUrl(url, networks, field),
        description: description ?? null,
        at: new Date().toISOString(),
      };
      return changing(owner, id, async (tx, values, row, present) => {
        if (enabled) checkMayBeTold(row);
        if (enabled && isRestored(row, present)) throw new Problem('WEBHOOK_RESTORED');
        await tx.all(sql.rename, { ...values, ...named });
        // What has to be done about one that was restored stays the same, whoever disables it.
        const reason: DisabledReason = isRestored(row, present) ? 'restored' : 'asked';
        if (enabled === false) await tx.all(sql.disable, { ...values, ...named, reason });
        // Somebody else may have noticed meanwhile that the database was restored.
        else if (enabled && (await tx.all(sql.enable, values)).length === 0) throw new Problem('WEBHOOK_RESTORED');
      });
    },

    remove: async (owner: Owner, id: number): Promise<void> =>
      void (await changing(owner, id, (tx, values) => tx.all(sql.remove, values))),

    /** Another secret; messages are signed by the one before it too, for so many seconds more. */
    async rotate(owner: Owner, id: number, grace: number): Promise<WithSecret> {
      const secret = newSecret();
      const fresh = { sealed: secrets.seal(secret), until: new Date(Date.now() + grace * 1_000).toISOString() };
      return { ...(await changing(owner, id, (tx, values) => tx.all(sql.rotate, { ...values, ...fresh }))), secret };
    },

    /**
     * Tells it again all that comes after a place in the feed, and has it work again where it was disabled. Throws SCOPE_MISSING
     * where its client may not be told.
     */
    async replay(owner: Owner, id: number, after: Position): Promise<Target> {
      const place = { ...placeOf(after), epoch: await epoch() };
      return changing(owner, id, (tx, values, row) => {
        checkMayBeTold(row);
        return tx.all(sql.replay, { ...values, ...place });
      });
    },

    /** The targets of the district that are told nothing any more, whoever has made them. */
    disabledIn: async (district: number): Promise<Target[]> =>
      (await targetsOf(await database.all(sql.inDistrict, { district }))).filter(({ state }) => state === 'disabled'),

    /** All targets of all districts: for the operator. */
    all: async (): Promise<Target[]> => targetsOf(await database.all(sql.all)),

    /** Whose a target is: for the operator, who names it by its id alone. Throws NOT_FOUND where there is none. */
    async ownerOf(id: number): Promise<Owner> {
      const [owner] = await database.all(sql.owner, { id });
      if (!owner) throw notFound(id);
      const [client] = await database.all(sql.client, owner);
      return { ...owner, person: client?.person_id ?? null };
    },

    /**
     * As whom a client would make targets: for the operator. Throws NOT_FOUND where there is no such client, SCOPE_MISSING where it
     * may not read attendance.
     */
    async ownerBy(client: number, api: string): Promise<Owner> {
      const [found] = await database.all(sql.clientById, { client });
      if (!found || !(await stands(found)))
        throw new Problem('NOT_FOUND', `There is no client ${client} that could be told anything.`);
      if (!found.has_scope)
        throw new Problem(
          'SCOPE_MISSING',
          `Client ${client} does not have the scope attendance:read, which this needs.`,
        );
      return { district: found.district_id, person: found.person_id, client, api };
    },
  };
}

const notFound = (id: number) => new Problem('NOT_FOUND', `There is no webhook ${id} here.`);

const valuesOf = ({ district, client, api }: Owner) => ({ district, client, api });

const placeOf = ({ transaction, id }: Position) => ({ after_transaction: transaction, after_id: id });

/** As it is in the database of the epoch. */
function targetOf(row: KeptTarget, present: string): Target {
  const {
    after_transaction: _transaction,
    after_id: _id,
    epoch: _epoch,
    may_be_told: _may,
    present_since,
    ...rest
  } = row;
  const disabled_reason = reasonOf(row, present);
  const isPreviousGood = row.previous_until !== null && new Date().toISOString() < row.previous_until;
  return {
    ...rest,
    disabled_reason,
    next_attempt_at: disabled_reason === null ? row.next_attempt_at : null,
    disabled_at: row.disabled_at ?? (disabled_reason === 'restored' ? present_since : null),
    previous_until: isPreviousGood ? row.previous_until : null,
    state: disabled_reason !== null ? 'disabled' : row.failing_since !== null ? 'failing' : 'working',
  };
}

/** Why it is told nothing, also where the process that sends has not noticed yet; what has to be done about it comes first. */
function reasonOf(row: KeptTarget, present: string): DisabledReason | null {
  if (!row.may_be_told) return 'revoked';
  if (row.disabled_reason !== 'asked' && isRestored(row, present)) return 'restored';
  return row.disabled_reason as DisabledReason | null;
}

/** Nobody knows how far it was told; but one that is told from the first change had been told nothing. */
const isRestored = (row: TargetRow, present: string): boolean =>
  row.disabled_reason === 'restored' || isOfAnotherDatabase(row, present);

function checkMayBeTold({ client_id, may_be_told }: KeptTarget): void {
  if (!may_be_told)
    throw new Problem(
      'SCOPE_MISSING',
      `Client ${client_id} may not read attendance any more: it is revoked, has no scope attendance:read, or its person has left. ` +
        'So its webhooks are sent nothing.',
    );
}

/** As it is stored. What its name leads to is looked up at each attempt; what can be told without is told now. */
function checkUrl(text: string, networks: Networks, field: string): string {
  const wrong = (message: string) =>
    new Problem('BODY_INVALID', `${field} ${message}`, { violations: [{ field, message }] });
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttps = url?.protocol === 'https:';
  if (!url || text.length > LONGEST_URL || !(isHttps || (url.protocol === 'http:' && networks.length > 0)))
    throw wrong(
      `must be an https address${networks.length > 0 ? ', or an http address of a network in WEBHOOK_ALLOW,' : ''} of up to ${LONGEST_URL} characters`,
    );
  if (url.username || url.password || url.hash) throw wrong('must have neither a user, nor a password, nor a fragment');
  const literal = literalOf(url.hostname);
  try {
    if (literal !== undefined) checkAddress(literal, url.protocol, networks);
  } catch (error) {
    if (error instanceof ForbiddenAddress) throw wrong(`must be an address that may be called. ${error.message}`);
    throw error;
  }
  return url.href;
}
