import type { A_Expr, ColumnRef, InsertStmt, Node, SelectStmt, SubLink, WithClause } from 'libpg-query';
import type { Engine } from '../src/database/database';
import type { AnyQuery } from '../src/database/query';

declare const loadOnce: NodeRequire; // engines/environment.js

const { parseSync }: typeof import('libpg-query') = loadOnce('libpg-query');

/**
 * These are kept in one place: of the first a district is not known before they are found, the others are of no district. No
 * statement names one of them beside a table with districts.
 */
export const apart: ReadonlySet<string> = new Set([
  ...['api_clients', 'api_tokens', 'invitations', 'lti_platforms', 'lti_deployments', 'lti_keys'],
  ...['epochs', 'webhook_lease', 'knex_migrations', 'knex_migrations_lock'],
]);

type Statement = Pick<AnyQuery, 'sql' | 'names' | 'acrossDistricts'>;

/**
 * What a statement leaves open about districts, in sentences. Each table with districts is to be held to the district that
 * is asked for, or joined by it to one that is: then a database that keeps the districts apart knows where to ask. The text
 * is read by PostgreSQL's own grammar; nothing is said of one that this does not know, as of what SQLite alone has.
 * @param tables those with a `district_id`
 */
export function faultsOf(statement: Statement, tables: ReadonlySet<string>, system: Engine['system']): string[] {
  let place = 0;
  const inWords = (sql: string) => sql.replaceAll('?', () => `$${++place}`).replaceAll('`', '"');
  const reader = readerOf(statement, tables, system);
  for (const { stmt } of statementsIn(system === 'sqlite' ? inWords(statement.sql) : statement.sql)) reader.read(stmt!);
  return [...reader.faults].map((fault) => `${fault}: ${statement.sql}`);
}

function statementsIn(sql: string) {
  try {
    return parseSync(sql).stmts ?? [];
  } catch {
    return [];
  }
}

/** The district that is asked for, or that of a row of the query around this one. */
const HELD = ':district';

/** The district in a column: `HELD`, or the name of one that is not known yet; undefined where there is none in it. */
type District = string | undefined;

/** What a query answers. */
interface Answer {
  readonly columns: readonly { readonly name: string; readonly district: District }[];
  /** The districts that are not held, each with a table of which it is. */
  readonly open: ReadonlyMap<string, string>;
  /** Whether it is about rows of a query around it. */
  readonly isCorrelated: boolean;
  /** Whether it reads a table with districts. */
  readonly reads: boolean;
}

const NOTHING: Answer = { columns: [], open: new Map(), isCorrelated: false, reads: false };

let scopes = 0;

/** What is in the `from` of a query: which columns have a district, and which of these the same one. */
class Scope {
  readonly #id = ++scopes;
  readonly #relations = new Map<string, ReadonlyMap<string, string>>();
  readonly #same = new Map<string, string>();
  readonly #tables = new Map<string, string>();
  readonly named: Map<string, Answer>;
  isCorrelated = false;
  reads = false;

  constructor(readonly around?: Scope) {
    this.named = new Map(around?.named);
  }

  /**
   * @param columns those with a district
   * @param open those of them that are to be held to one
   */
  add(alias: string, columns: readonly string[], open: readonly string[] = columns): void {
    const districts = new Map(columns.map((name) => [name, `${this.#id} ${alias}.${name}`]));
    this.#relations.set(alias, districts);
    for (const name of open) this.#tables.set(districts.get(name)!, alias);
    if (open.length > 0) this.reads = true;
  }

  join(one: District, other: District): void {
    if (one === undefined || other === undefined) return;
    const [root, target] = [this.rootOf(one)!, this.rootOf(other)!];
    if (root === HELD) this.#same.set(target, root);
    else this.#same.set(root, target);
  }

  rootOf(district: District): District {
    const next = district === undefined || district === HELD ? undefined : this.#same.get(district);
    return next === undefined || next === district ? district : this.rootOf(next);
  }

  get open(): Map<string, string> {
    const roots = [...this.#tables].map(([district, alias]) => [this.rootOf(district)!, alias] as const);
    return new Map(roots.filter(([root]) => root !== HELD));
  }

  /** All that have a district, of one relation or of all. */
  columnsOf(alias?: string): Answer['columns'] {
    return [...this.#relations]
      .filter(([name]) => alias === undefined || name === alias)
      .flatMap(([, columns]) => [...columns].map(([name, district]) => ({ name, district })));
  }

  districtOf(alias: string, column: string): District {
    return this.#relations.get(alias)?.get(column);
  }

  /** The district in a column, as an expression calls it. */
  find({ fields = [] }: ColumnRef): District {
    const [column, alias] = fields.map((field) => ('String' in field ? field.String.sval! : '*')).reverse();
    for (let scope: Scope | undefined = this; scope; scope = scope.around) {
      const seen = [...scope.#relations].find(([name, columns]) => (alias ? name === alias : columns.has(column!)));
      if (!seen) continue;
      const district = seen[1].get(column!);
      if (scope === this) return district;
      this.isCorrelated = true;
      return district && HELD;
    }
    return undefined;
  }
}

function readerOf({ names, acrossDistricts }: Statement, tables: ReadonlySet<string>, system: Engine['system']) {
  const faults = new Set<string>();
  const answers = new Map<SubLink, Answer>();

  const refuse = (open: ReadonlyMap<string, string>) => {
    for (const table of open.values())
      faults.add(`${table} is neither held to :district nor joined by its district_id`);
  };

  /** A statement across districts may read one table, or tables that are joined by the district, of all of them. */
  function read(node: Node): void {
    const { open } = answerOf(node);
    if (open.size > (acrossDistricts ? 1 : 0)) refuse(open);
    for (const names of partsOf(node).map(tablesIn)) {
      const [here, there] = [names.find((name) => apart.has(name)), names.find((name) => tables.has(name))];
      if (here && there)
        faults.add(`${here} is kept in one place, and ${there} by districts: one statement names both`);
    }
  }

  /** What can be read in one place can be inserted elsewhere: a select in which no table has districts stands by itself. */
  function partsOf(node: Node): unknown[] {
    const { selectStmt, ...rest } = 'InsertStmt' in node ? node.InsertStmt : {};
    const isApart = selectStmt && 'SelectStmt' in selectStmt && !selectStmt.SelectStmt.valuesLists;
    return isApart && !tablesIn(selectStmt).some((name) => tables.has(name)) ? [selectStmt, rest] : [node];
  }

  function answerOf(node: Node, around?: Scope, isJoined = false): Answer {
    if ('SelectStmt' in node) return select(node.SelectStmt, around, isJoined);
    if ('InsertStmt' in node) return insert(node.InsertStmt, around);
    if (!('UpdateStmt' in node || 'DeleteStmt' in node)) return NOTHING;
    const change = 'UpdateStmt' in node ? node.UpdateStmt : node.DeleteStmt;
    const { targetList, fromClause } = { targetList: [], fromClause: [], ...change };
    const scope = scopeOf(change.withClause, around);
    const using = 'usingClause' in change ? change.usingClause! : fromClause;
    from([{ RangeVar: change.relation! }, ...using], scope);
    where(change.whereClause, scope);
    visit([targetList, change.returningClause], scope);
    return answerIn(scope, change.returningClause?.exprs);
  }

  function select(query: SelectStmt, around?: Scope, isJoined = false): Answer {
    const scope = scopeOf(query.withClause, around);
    if (query.larg) return union(select(query.larg, scope, isJoined), select(query.rarg!, scope, isJoined));
    from(query.fromClause ?? [], scope);
    where(query.whereClause, scope);
    const { fromClause: _, whereClause: __, withClause: ___, ...rest } = query;
    visit(rest, scope);
    const answer = answerIn(scope, query.targetList ?? itemsOf(query.valuesLists?.[0]));
    const isOwn = !answer.columns.some(({ district }) => district !== undefined && answer.open.has(district));
    const isAllowed = acrossDistricts && !isJoined && isOwn && !answer.isCorrelated && answer.open.size === 1;
    return isAllowed ? { ...answer, open: new Map() } : answer;
  }

  /** Where both sides have a district in a column, who joins by it joins both. */
  function union(left: Answer, right: Answer): Answer {
    const open = new Map([...left.open, ...right.open]);
    const columns = left.columns.map(({ name, district }, index) => {
      const other = right.columns[index]?.district;
      if (district === undefined || other === undefined) return { name, district: undefined };
      if (district !== HELD && other !== HELD) open.delete(other);
      return { name, district: district === HELD ? other : district };
    });
    return { columns, open, isCorrelated: left.isCorrelated || right.isCorrelated, reads: left.reads || right.reads };
  }

  function insert({ relation, cols = [], selectStmt, onConflictClause, ...rest }: InsertStmt, around?: Scope): Answer {
    const table = relation!.relname!;
    const scope = scopeOf(rest.withClause, around);
    const given = answerOf(selectStmt!, scope);
    if (tables.has(table)) {
      const place = cols.findIndex((column) => 'ResTarget' in column && column.ResTarget.name === 'district_id');
      const query = 'SelectStmt' in selectStmt! ? selectStmt.SelectStmt : {};
      const target = query.targetList?.[place];
      const value = target && 'ResTarget' in target ? target.ResTarget.val : undefined;
      if (given.columns[place]?.district === undefined && !acrossDistricts)
        faults.add(`${table} is given no district_id`);
      if (given.reads && value && parameterIn(value) !== undefined)
        faults.add(`${table} is given its district_id by a parameter, not by a row that is read`);
      const key = onConflictClause?.infer?.indexElems ?? [];
      const columns = key.map((each) => ('IndexElem' in each ? each.IndexElem.name : undefined));
      if (key.length > 0 && !columns.includes('district_id'))
        faults.add(`${table} has conflicts without its district_id`);
    }
    const isFromRows = 'SelectStmt' in selectStmt! && !selectStmt.SelectStmt.valuesLists;
    if (isFromRows && parameterIn(onConflictClause) !== undefined)
      faults.add(`${table} is inserted into from a select, with a parameter in what is done on conflict`);
    for (const alias of [relation!.alias?.aliasname ?? table, 'excluded']) {
      scope.add(alias, ['district_id'], []);
      for (const { district } of scope.columnsOf(alias)) scope.join(district, HELD);
    }
    visit([onConflictClause, rest.returningClause], scope);
    const answer = answerIn(scope, rest.returningClause?.exprs);
    return { ...answer, open: new Map([...answer.open, ...given.open]) };
  }

  function scopeOf(clause: WithClause | undefined, around?: Scope): Scope {
    const scope = new Scope(around);
    for (const each of clause?.ctes ?? [])
      if ('CommonTableExpr' in each)
        scope.named.set(each.CommonTableExpr.ctename!, answerOf(each.CommonTableExpr.ctequery!, scope));
    return scope;
  }

  function answerIn(scope: Scope, list: readonly Node[] = []): Answer {
    const columns = list.flatMap((node) => {
      const { name, val = node } = 'ResTarget' in node ? node.ResTarget : {};
      const fields = 'ColumnRef' in val ? val.ColumnRef.fields! : [];
      const [last, alias] = fields.map((field) => ('String' in field ? field.String.sval! : undefined)).reverse();
      if (fields.length > 0 && last === undefined) return scope.columnsOf(alias);
      const called = name ?? last ?? '';
      return [{ name: called, district: isListed(called, val) ? HELD : districtIn(val, scope) }];
    });
    return {
      columns: columns.map(({ name, district }) => ({ name, district: scope.rootOf(district) })),
      open: scope.open,
      isCorrelated: scope.isCorrelated,
      reads: scope.reads,
    };
  }

  function from(list: readonly Node[], scope: Scope): void {
    for (const node of list) relation(node, scope);
    for (const node of list) joins(node, scope);
  }

  function relation(node: Node, scope: Scope): void {
    if ('JoinExpr' in node) from([node.JoinExpr.larg!, node.JoinExpr.rarg!], scope);
    if ('RangeVar' in node) {
      const { relname, alias } = node.RangeVar;
      const name = alias?.aliasname ?? relname!;
      const answer = scope.named.get(relname!);
      if (answer) derived(name, answer, scope, namesIn(alias?.colnames));
      else if (relname === 'districts') scope.add(name, ['id'], []);
      else scope.add(name, tables.has(relname!) ? ['district_id'] : []);
    }
    if ('RangeSubselect' in node) {
      const { alias, subquery } = node.RangeSubselect;
      derived(alias?.aliasname ?? '', answerOf(subquery!, scope), scope, namesIn(alias?.colnames));
    }
    if ('RangeFunction' in node) {
      visit(node.RangeFunction.functions, scope);
      scope.add(node.RangeFunction.alias?.aliasname ?? '', []);
    }
  }

  /** A query in a `from` hands on which districts are open: they can be held by its columns alone. */
  function derived(alias: string, { columns, open, reads }: Answer, scope: Scope, names: readonly string[]): void {
    const districts = columns
      .map(({ name, district }, index) => ({ name: names[index] ?? name, district }))
      .filter(({ district }) => district !== undefined);
    const first = new Map(districts.toReversed().map(({ name, district }) => [district, name]));
    const shown = [...open.keys()].flatMap((district) => first.get(district) ?? []);
    scope.add(
      alias,
      districts.map(({ name }) => name),
      shown,
    );
    for (const { name, district } of districts)
      scope.join(
        scope.districtOf(alias, name),
        district === HELD ? HELD : scope.districtOf(alias, first.get(district)!),
      );
    refuse(new Map([...open].filter(([district]) => !first.has(district))));
    if (reads) scope.reads = true;
  }

  function joins(node: Node, scope: Scope): void {
    if ('JoinExpr' in node) where(node.JoinExpr.quals, scope);
  }

  /** What holds of every row. */
  function where(condition: Node | undefined, scope: Scope): void {
    visit(condition, scope);
    hold(condition, scope);
  }

  function hold(condition: Node | undefined, scope: Scope): void {
    if (!condition) return;
    if ('BoolExpr' in condition && condition.BoolExpr.boolop === 'AND_EXPR')
      for (const each of condition.BoolExpr.args!) hold(each, scope);
    if ('A_Expr' in condition && condition.A_Expr.kind === 'AEXPR_OP' && namesIn(condition.A_Expr.name)[0] === '=') {
      const [left, right] = [condition.A_Expr.lexpr!, condition.A_Expr.rexpr!].map(itemsOf);
      for (const [index, each] of left!.entries())
        scope.join(districtIn(each, scope), right![index] && districtIn(right![index], scope));
    }
    if ('SubLink' in condition && condition.SubLink.subLinkType === 'ANY_SUBLINK') {
      const { columns } = answers.get(condition.SubLink)!;
      for (const [index, each] of itemsOf(condition.SubLink.testexpr).entries())
        if (columns[index]?.district === HELD) scope.join(districtIn(each, scope), HELD);
    }
  }

  /** Reads the subqueries in an expression, and sees whether it is about rows of the query around. */
  function visit(value: unknown, scope: Scope): void {
    if (Array.isArray(value)) for (const each of value) visit(each, scope);
    else if (typeof value === 'object' && value !== null) {
      const node = value as Node;
      if ('SubLink' in node) subquery(node.SubLink, scope);
      else if ('ColumnRef' in node) scope.find(node.ColumnRef);
      else {
        if (system === 'postgresql' && 'A_Expr' in node && isHint(node.A_Expr))
          faults.add('+ hides a district_id from the planner');
        for (const each of Object.values(value)) visit(each, scope);
      }
    }
  }

  function subquery(link: SubLink, scope: Scope): void {
    visit(link.testexpr, scope);
    const isAny = link.subLinkType === 'ANY_SUBLINK';
    const answer = answerOf(link.subselect!, scope, isAny);
    answers.set(link, answer);
    const joined = itemsOf(isAny ? link.testexpr : undefined).map((each, index) =>
      districtIn(each, scope) === undefined ? undefined : answer.columns[index]?.district,
    );
    refuse(new Map([...answer.open].filter(([district]) => !joined.includes(district))));
  }

  function districtIn(node: Node, scope: Scope): District {
    if ('ParamRef' in node) return names[node.ParamRef.number! - 1] === 'district' ? HELD : undefined;
    if ('TypeCast' in node) return districtIn(node.TypeCast.arg!, scope);
    if ('ColumnRef' in node) return scope.find(node.ColumnRef);
    if ('A_Expr' in node && isHint(node.A_Expr)) return districtIn(node.A_Expr.rexpr!, scope);
    if ('SubLink' in node && node.SubLink.subLinkType === 'EXPR_SUBLINK')
      return answers.get(node.SubLink)?.columns[0]?.district === HELD ? HELD : undefined;
    return undefined;
  }

  return { faults, read };
}

const itemsOf = (node: Node | undefined): readonly Node[] => {
  if (!node) return [];
  if ('RowExpr' in node) return node.RowExpr.args!;
  return 'List' in node ? node.List.items! : [node];
};

const tablesIn = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  const { relname } = value as { readonly relname?: string };
  return [...(relname === undefined ? [] : [relname]), ...Object.values(value).flatMap(tablesIn)];
};

const namesIn = (nodes: readonly Node[] = []): string[] =>
  nodes.map((node) => ('String' in node ? node.String.sval! : ''));

const isHint = ({ name, lexpr, rexpr }: A_Expr): boolean =>
  !lexpr &&
  namesIn(name)[0] === '+' &&
  'ColumnRef' in rexpr! &&
  namesIn(rexpr.ColumnRef.fields).at(-1) === 'district_id';

/** A list of rows that is given has the districts that are asked for, where it says so. */
const isListed = (name: string, value: Node): boolean =>
  /^district(_id)?$/.test(name) && JSON.stringify(value).includes('"sval":"->>"');

const parameterIn = (value: unknown): unknown =>
  typeof value === 'object' && value !== null
    ? 'ParamRef' in value
      ? value.ParamRef
      : Object.values(value)
          .map(parameterIn)
          .find((each) => each !== undefined)
    : undefined;
