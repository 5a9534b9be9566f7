import type { Engine, Executor } from '../database/database';
import { text } from '../database/query';
import { each, integer, nullable, type RowOf, string } from '../database/rows';
import { calledName } from '../roster/names';

/** Who has said something, in a row: the API client, and the names of the person who was signed in with it, empty where none was. */
export const authorRow = {
  client_id: nullable(integer),
  ...each(['author_given_name', 'author_preferred_name', 'author_family_name'], string),
};
export type Author = RowOf<typeof authorRow>;

/** SQL of the names of an author; `authors` is who was signed in, as far as somebody was. */
export const authorNames = ['given_name', 'preferred_name', 'family_name']
  .map((column) => `coalesce(authors.${column}, '') as author_${column}`)
  .join(', ');

/** What authors are called: the person, else the client; empty where it was the operator. */
export function openAuthors({ knex, rows }: Pick<Engine, 'knex' | 'rows'>) {
  const clients = text(
    knex,
    `select api_clients.id, api_clients.name
    from ${rows('clients', { id: 'bigint' })} as asked
    cross join api_clients
    where api_clients.id = asked.id and api_clients.district_id = :district`,
    { id: integer, name: string },
  );
  return async (executor: Executor, district: number, authors: readonly Author[]): Promise<(of: Author) => string> => {
    const unnamed = authors.filter((author) => personOf(author) === '').flatMap(({ client_id }) => client_id ?? []);
    const ids = JSON.stringify([...new Set(unnamed)].map((id) => [id]));
    const found = unnamed.length > 0 ? await executor.all(clients, { district, clients: ids }) : [];
    const names = new Map(found.map(({ id, name }) => [id, name]));
    return (author) => personOf(author) || (names.get(author.client_id ?? 0) ?? '');
  };
}

const personOf = ({ author_given_name, author_preferred_name, author_family_name }: Author): string =>
  calledName({
    given_name: author_given_name,
    preferred_name: author_preferred_name,
    family_name: author_family_name,
  });
