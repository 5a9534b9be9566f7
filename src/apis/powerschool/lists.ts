import type { ListQuery } from '../../../schemas/powerschool/lists';
import type { CountReply } from '../../../schemas/powerschool/resources';
import type { TypeOf } from '../../../schemas/types';
import type { Read } from '../../audit/read';
import type { Caller } from '../../clients/client';
import type { Reply } from '../../http/endpoint';
import { Parameters } from '../../ledger/entries';
import type { ListName, ListValues, Narrowing } from '../../roster/roster';
import type { Lists } from '../../roster/sql';
import type { Dependencies } from '../dependencies';
import { EVERYTHING, type FilterTest, filterSql, readFilter, type SqlField } from './filter';
import { sliceOf } from './parameters';

/** The fields that a list is searched by. */
export type SqlFields = Readonly<Record<string, SqlField>>;

/** A list of the roster, and how it is searched. */
export interface SearchedList<Name extends ListName> {
  readonly name: Name;
  readonly fields: SqlFields;
  /** SQL of what else has to be true of those that a filter takes. */
  readonly also?: (filter: FilterTest) => string | undefined;
}

export type RosterLists = ReturnType<typeof openLists>;

/** The lists of `/ws/v1`: pages of them, and how long they are, of those that `q` takes. */
export function openLists({ database, roster }: Pick<Dependencies, 'database' | 'roster'>) {
  function narrowing<Name extends ListName>(
    { fields, also }: SearchedList<Name>,
    q: string | undefined,
  ): Narrowing | undefined {
    const filter = readFilter('q', q, fields);
    const other = also?.(filter);
    if (filter === EVERYTHING && other === undefined) return undefined;
    const parameters = new Parameters();
    const condition = filterSql(database, filter, fields, parameters);
    return { condition: other === undefined ? condition : `${other} and ${condition}`, values: parameters.values };
  }

  async function totalOf<Name extends ListName>(
    caller: Caller,
    { q }: Pick<ListQuery, 'q'>,
    list: SearchedList<Name>,
    values: ListValues<Name>,
  ): Promise<number> {
    const none = { offset: 0, limit: 0 };
    return (await roster.list(list.name, caller, values, none, narrowing(list, q))).total;
  }

  return {
    /** The page that is asked for. */
    async page<Name extends ListName>(
      caller: Caller,
      query: ListQuery,
      list: SearchedList<Name>,
      values: ListValues<Name>,
    ): Promise<readonly Lists[Name]['row'][]> {
      return (await roster.list(list.name, caller, values, sliceOf(query), narrowing(list, query.q))).rows;
    },

    /** How long a list is. */
    async count<Name extends ListName>(
      caller: Caller,
      query: Pick<ListQuery, 'q'>,
      list: SearchedList<Name>,
      values: ListValues<Name>,
    ) {
      return counted(await totalOf(caller, query, list, values));
    },

    /** How long a list of people is, those of a section or a school or else of the district: a count can name one of them. */
    async countOfPeople<Name extends ListName>(
      caller: Caller,
      query: Pick<ListQuery, 'q'>,
      list: SearchedList<Name>,
      values: ListValues<Name>,
      of: Pick<Read, 'section' | 'school'>,
    ) {
      const records = await totalOf(caller, query, list, values);
      return { ...counted(records), reads: [{ ...of, records }] };
    },

    /** By what the lists of a school are asked for; NOT_FOUND where there is none. */
    school: async (caller: Caller, id: string) => ({ id: (await roster.one('school', caller, id)).id }),
  };
}

/** How many there are, as `/ws/v1` says it. */
export const counted = (count: number): Reply<TypeOf<typeof CountReply>> => ({
  status: 200,
  body: { resource: { count } },
});
