import { parseSync } from '@swc/core';

/** Something that can grow, and that does not end with the call of the function that makes it. */
export interface Growing {
  readonly name: string;
  /** `Map`, `Set`, `LRUCache`, ..., `[]` or `{}`. */
  readonly kind: string;
  /** Made when the file is loaded, and so there for good. */
  readonly isOfModule: boolean;
  /** Of a cache: whether it is told how large it may become. */
  readonly isBounded: boolean;
}

type Node = { readonly type: string; readonly [property: string]: unknown };
type Function = Node;

const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === 'string';
const functions = [
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassMethod',
  'PrivateMethod',
  'MethodProperty',
  'GetterProperty',
  'SetterProperty',
  'Constructor',
];
const collections = /^(Map|Set|WeakMap|WeakSet|Array)$|Cache|Limiter|Queue|Memory|Buffer$/;
const growingCalls = ['set', 'add', 'push', 'unshift', 'splice'];
/** Methods that call what they are given, and are done with it when they return. */
const atOnce = /^(map|flatMap|filter|find|findIndex|some|every|forEach|reduce|sort|toSorted|replace|from|fromEntries)$/;

interface Found extends Growing {
  readonly within: readonly Function[];
  readonly isEmpty: boolean;
  /** A value in an object or a class: who has that object can make it grow. */
  readonly isPart: boolean;
}

interface Use {
  readonly name: string;
  readonly within: readonly Function[];
  readonly grows: boolean;
}

/** What of a source file can grow for as long as the process, or what else the file opens, lives. */
export function growingIn(source: string): Growing[] {
  const found: Found[] = [];
  const uses: Use[] = [];
  const declared: Pick<Use, 'name' | 'within'>[] = [];

  function visit(node: Node, within: readonly Function[], parent: Node | undefined): void {
    if (node.type === 'VariableDeclarator') {
      declared.push({ name: String((node.id as Node).value), within });
      note(node.id as Node, node.init, within, false);
    }
    if (node.type === 'KeyValueProperty') note(node.key as Node, node.value, within, true);
    if (node.type === 'ClassProperty' || node.type === 'PrivateProperty')
      note(node.key as Node, node.value, within, true);
    if (node.type === 'AssignmentExpression') assign(node.left as Node, node.right, within);
    if (node.type === 'Identifier') uses.push({ name: String(node.value), within, grows: false });
    if (node.type === 'CallExpression') uses.push(...growth(node.callee as Node, within));
    const inside = functions.includes(node.type) && !isDoneAtOnce(node, parent) ? [...within, node] : within;
    for (const [key, value] of Object.entries(node))
      if (!/^type(Annotation|Params|Args|Arguments|Parameters)$|^returnType$/.test(key))
        for (const child of [value].flat(2)) {
          const inner = (child as { expression?: unknown } | null)?.expression;
          if (isNode(child)) visit(child, inside, node);
          else if (isNode(inner))
            visit(inner, inside, node); // an argument
          else if (isNode((child as { pat?: unknown } | null)?.pat)) visit((child as { pat: Node }).pat, inside, node);
        }
  }

  /** `name = []`, and `name[...] = ...`, which grows it. */
  function assign(left: Node, right: unknown, within: readonly Function[]): void {
    if (left.type !== 'MemberExpression') {
      // It lives where it is declared, not where it is made.
      const owner = declared.findLast(({ name, within: owning }) => name === left.value && isWithin(within, owning));
      note(left, right, owner?.within ?? within, false);
      return;
    }
    const [object, property] = [left.object as Node, left.property as Node];
    if (property.type === 'Computed') uses.push({ name: String(object.value), within, grows: true });
    else note(property, right, within, true);
  }

  function note(id: Node, value: unknown, within: readonly Function[], isPart: boolean): void {
    const made = unwrapped(value);
    const kind = kindOf(made);
    if (!made || !kind) return;
    const name = String((id.value as string | undefined) ?? (id as { id?: Node }).id?.value ?? '');
    const given = (made.arguments ?? made.elements ?? made.properties ?? []) as unknown[];
    found.push({
      name,
      kind,
      within,
      isPart,
      isOfModule: within.length === 0,
      isEmpty: given.length === 0,
      isBounded: /max(Size)?:/.test(textOf(made)),
    });
  }

  const { span } = parseSync('', { syntax: 'typescript' });
  const module = parseSync(source, { syntax: 'typescript' });
  const bytes = Buffer.from(source);
  const start = module.span.start - leading(source) || span.end;
  const textOf = (node: Node): string => {
    const { start: from, end } = node.span as { start: number; end: number };
    return bytes.subarray(from - start, end - start).toString();
  };
  visit(module as unknown as Node, [], undefined);

  return found.filter((one) => {
    const isCollection = one.kind !== '[]' && one.kind !== '{}';
    const isGrownAsPart = () => new RegExp(`\\.${one.name.replace('$', '')}\\.(push|unshift)\\(`).test(source);
    if (one.isPart) return one.isEmpty && (isCollection || (one.kind === '[]' && isGrownAsPart()));
    const own = uses.filter(({ name, within }) => name === one.name && isWithin(within, one.within));
    if (one.kind.endsWith('Cache')) return true;
    const canGrow = (isCollection && one.isEmpty) || own.some(({ grows }) => grows);
    return canGrow && (one.within.length === 0 || own.some(({ within }) => within.length > one.within.length));
  });
}

const isWithin = (inner: readonly Function[], outer: readonly Function[]): boolean =>
  outer.every((each, at) => inner[at] === each);

/** Comments and blank lines before the first statement, in bytes: spans count from there on in one numbering for all files. */
const leading = (source: string): number => Buffer.byteLength(/^(?:\s|\/\*[\s\S]*?\*\/|\/\/[^\n]*)*/.exec(source)![0]);

function unwrapped(value: unknown): Node | undefined {
  if (!isNode(value)) return undefined;
  return /^Ts(As|Satisfies|NonNull|ConstAssertion)|^Parenthesis/.test(value.type) ? unwrapped(value.expression) : value;
}

function kindOf(node: Node | undefined): string | undefined {
  if (node?.type === 'ArrayExpression') return '[]';
  if (node?.type === 'ObjectExpression') return '{}';
  const callee = node?.type === 'NewExpression' ? String((node.callee as Node).value ?? '') : '';
  return collections.test(callee) ? callee : undefined;
}

/** `name.set(...)` */
function growth(callee: Node, within: readonly Function[]): Use[] {
  if (callee.type !== 'MemberExpression') return [];
  const isGrowing = growingCalls.includes(String((callee.property as Node).value));
  return isGrowing ? [{ name: String((callee.object as Node).value), within, grows: true }] : [];
}

function isDoneAtOnce(node: Node, parent: Node | undefined): boolean {
  if (parent?.type !== 'CallExpression' || parent.callee === node) return false;
  const callee = parent.callee as Node;
  return callee.type === 'MemberExpression' && atOnce.test(String((callee.property as Node).value));
}
