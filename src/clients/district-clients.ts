import type { Database } from '../database/database';
import { text } from '../database/query';
import { integer, type RowOf } from '../database/rows';
import { Problem } from '../lib/problem';
import { calledName, namesRow } from '../roster/names';
import { type Author, openSettingChanges } from '../roster/setting-changes';
import type { Manager } from './access';
import type { Caller, Scope } from './client';
import { type Alongside, ClientError, type Clients, listedRow, type NewClient, type RotatedClient } from './clients';

/** How often a district makes or rotates clients within an hour. */
const AN_HOUR = 100;

/** A client that no person signs in with. */
type DistrictClient = RowOf<typeof listedRow> & {
  /** What the person is called whom it is bound to; empty where it is bound to nobody. */
  readonly person: string;
};

interface Request {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly person: number | undefined;
  readonly marksOnly: boolean;
}

/** Who may do what they have others do: nobody gets more by a client than they have. */
type Rights = Pick<Caller, 'scopes' | 'marksOnly'>;

/**
 * The API clients of a district, for its office: those that people sign in with are not among them. Each change is kept. Throws
 * SECTION_FORBIDDEN where the manager speaks for a school alone, NOT_FOUND where there is no such client that stands.
 */
export function openDistrictClients(database: Database, clients: Clients) {
  const sql = districtClientsSql(database);
  const changes = openSettingChanges(database);

  async function standing({ district }: Manager, id: number): Promise<RowOf<typeof listedRow>> {
    const [found] = await database.transaction((tx) => tx.all(sql.standing, { district, id }));
    if (found) return found;
    throw new Problem('NOT_FOUND', `There is no client ${id} here that stands.`);
  }

  async function refuseTooMany(district: number): Promise<void> {
    const since = new Date(Date.now() - 3_600_000).toISOString();
    if ((await changes.clientsMadeSince(district, since)) < AN_HOUR) return;
    const detail = `A district makes or rotates up to ${AN_HOUR} clients an hour.`;
    throw new Problem('RATE_LIMITED', detail, { retryAfter: 3_600 });
  }

  const noted = (manager: Manager, what: ClientChange) => notedBy(database, manager, what);

  return {
    /** Those that stand first, by name. */
    async list(
      manager: Manager,
      page: { readonly offset: number; readonly limit: number },
    ): Promise<{ readonly total: number; readonly clients: readonly DistrictClient[] }> {
      const { district } = ofDistrict(manager);
      const [counted] = await database.all(sql.count, { district });
      const rows = await database.all(sql.page, { district, ...page });
      const people = JSON.stringify(rows.flatMap(({ person_id }) => (person_id === null ? [] : [[person_id]])));
      const names = await database.all(sql.people, { district, people });
      const nameOf = new Map(names.map(({ id, ...person }) => [id, calledName(person)]));
      return {
        total: counted!.count,
        clients: rows.map((row) => ({ ...row, person: nameOf.get(row.person_id ?? 0) ?? '' })),
      };
    },

    async create(manager: Manager, rights: Rights, { name, scopes, person, marksOnly }: Request): Promise<NewClient> {
      const { district } = ofDistrict(manager);
      refuseMore(rights, scopes, marksOnly);
      if (person !== undefined && scopes.includes('access')) throw ofNobody();
      await refuseTooMany(district);
      const request = { district, name, scopes, person, marksOnly };
      return clients.create(request, noted(manager, 'client_created'));
    },

    /** Those before are taken for so many seconds more. */
    async rotate(manager: Manager, rights: Rights, id: number, grace: number): Promise<RotatedClient> {
      const { scopes, marks_only } = await standing(ofDistrict(manager), id);
      refuseMore(rights, scopes.split(','), Boolean(marks_only));
      await refuseTooMany(manager.district);
      return clients.rotate(id, grace, noted(manager, 'client_rotated')).catch(goneMeanwhile);
    },

    async revoke(manager: Manager, id: number): Promise<void> {
      await standing(ofDistrict(manager), id);
      await clients.revoke(id, noted(manager, 'client_revoked')).catch(goneMeanwhile);
    },
  };
}

type ClientChange = 'client_created' | 'client_rotated' | 'client_revoked';

/** Has a change of a client noted together with it. */
export function notedBy(database: Database, author: Omit<Author, 'district'>, what: ClientChange): Alongside {
  const { note } = openSettingChanges(database);
  return (tx, { id, district_id }) => note({ ...author, district: district_id }, { what, client: id })(tx);
}

/** Somebody else has revoked it since it was looked for. */
function goneMeanwhile(error: unknown): never {
  throw error instanceof ClientError ? new Problem('NOT_FOUND', error.message, { cause: error }) : error;
}

function ofNobody(): Problem {
  const message = 'must not have access where the client is bound to a person: who has it can sign in as anybody';
  return new Problem('BODY_INVALID', `scopes ${message}.`, { violations: [{ field: 'scopes', message }] });
}

function ofDistrict(manager: Manager): Manager {
  if (manager.school === null) return manager;
  throw new Problem('OFFICE_ONLY', 'API clients reach the whole district: they are its office’s.');
}

function refuseMore(rights: Rights, scopes: readonly string[], marksOnly: boolean): void {
  const more = scopes.filter((scope) => !rights.scopes.has(scope as Scope));
  if (more.length > 0)
    throw new Problem('SCOPE_MISSING', `Nobody gives a client what they may not do themselves: ${more.join(', ')}.`);
  if (rights.marksOnly && !marksOnly)
    throw new Problem('MARKS_ONLY', 'A client for single marks (--marks-only) handles others like it alone.');
}

/** All SQL of the clients of a district. */
export function districtClientsSql({ knex, rows }: Pick<Database, 'knex' | 'rows'>) {
  const columns = Object.keys(listedRow)
    .map((column) => `api_clients.${column}`)
    .join(', ');
  const isOne = 'api_clients.district_id = :district and not api_clients.signs_in';
  return {
    count: text(knex, `select count(*) as count from api_clients where ${isOne}`, { count: integer }),
    page: text(
      knex,
      `select ${columns} from api_clients
      where ${isOne}
      order by case when api_clients.revoked_at is null then 0 else 1 end, lower(api_clients.name), api_clients.id
      limit :limit offset :offset`,
      listedRow,
    ),
    standing: text(
      knex,
      `select ${columns} from api_clients
      where ${isOne} and api_clients.id = :id and api_clients.revoked_at is null`,
      listedRow,
    ),
    people: text(
      knex,
      `select people.id, people.given_name, people.preferred_name, people.family_name
      from ${rows('people', { id: 'bigint' })} as asked
      cross join people
      where people.id = asked.id and people.district_id = :district`,
      { id: integer, ...namesRow },
    ),
  };
}
