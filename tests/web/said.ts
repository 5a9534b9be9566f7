import { parseSync } from '@swc/core';

/** Something that a file of the pages says: a message of the catalogues, or a text that is in none. */
export type Said = Message | { readonly kind: 'text'; readonly text: string };

interface Message {
  readonly kind: 'message';
  /** The keys that it may have; of a template those that begin and end so. */
  readonly keys: readonly (string | RegExp)[];
  /** The places that are filled; undefined where the source does not show them. */
  readonly places: readonly string[] | undefined;
}

type Node = { readonly type: string; readonly [property: string]: unknown };

const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === 'string';
const partsOf = (node: Node): Node[] =>
  Object.values(node)
    .flat()
    // Arguments and elements of arrays are wrapped in objects that are no nodes.
    .map((value) => (isNode(value) ? value : ((value as { expression?: unknown } | null)?.expression ?? null)))
    .filter(isNode);

/** Attributes that are read by people. */
const readAttributes = ['aria-label', 'aria-description', 'title', 'placeholder', 'alt', 'label', 'caption'];
/** What looks like a sentence or a head, wherever it stands. */
const sentence = /^[A-Z][a-z]+( |$|…)|[a-z]{2,} [a-z]+.*[.?!:…]$/;
/** Names of keys, headers and formats, what is the same in every language, and errors that nobody is shown. */
const names = [
  ...['ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight', 'PageDown', 'PageUp', 'Home', 'End', 'Enter', 'Escape'],
  ...['Accept', 'Content-Type', 'If-Match', 'If-None-Match', 'Retry-After', 'ETag', 'Ctrl+Z', 'Etc/UTC'],
  ...['Schoology', 'Wix', 'rollbook', '80 mm', 'date,school_day,reason', '2026-11-26,no,'],
  ...['Somebody else has signed in.', 'The section changes faster than it can be read.'],
  'The platform does not answer.',
];

/** What the source of a file says, which may have elements in it (TSX). */
export function said(source: string, tsx: boolean): Said[] {
  const found: Said[] = [];

  function note(written: string, isShown: boolean): void {
    const text = written.replace(/\s+/g, ' ').trim();
    const isText = isShown ? /[a-z]{2}/i.test(text) : sentence.test(text);
    if (isText && !names.includes(text)) found.push({ kind: 'text', text });
  }

  /** @param isShown whether a string that stands here is on the page as it is */
  function look(node: Node, isShown: boolean): void {
    const { type } = node;
    if (type === 'ImportDeclaration') return;
    if (type.startsWith('Ts')) {
      if (isNode(node.expression)) look(node.expression, isShown); // `as const`
      return;
    }
    if (type === 'JSXText') note(String(node.value), true);
    else if (type === 'StringLiteral') note(String(node.value), isShown);
    else if (type === 'TemplateElement') note(String(node.raw), isShown);
    else if (type === 'JSXElement' || type === 'JSXFragment') {
      for (const part of partsOf(node)) look(part, (node.children as Node[]).includes(part));
    } else if (type === 'JSXAttribute') {
      const name = String((node.name as Node).value);
      if (isNode(node.value)) look(node.value, readAttributes.includes(name));
    } else if (type === 'CallExpression') call(node);
    else {
      const isCompared = type === 'BinaryExpression' && /^([!=]==|in)$/.test(String(node.operator));
      const isOther = isCompared || /Function|MemberExpression|ObjectExpression/.test(type);
      for (const part of partsOf(node)) look(part, isShown && !isOther);
    }
  }

  function call(node: Node): void {
    const [key, values] = (node.arguments as { expression: Node }[]).map(({ expression }) => expression);
    if (['t', 'rich'].includes(String((node.callee as Node).value)) && key) {
      found.push({ kind: 'message', keys: keysOf(key), places: values ? namesOf(values) : [] });
      if (values) look(values, false);
    } else for (const part of partsOf(node)) look(part, false);
  }

  look(parseSync(source, { syntax: 'typescript', tsx }) as unknown as Node, false);
  return found;
}

function keysOf(node: Node): (string | RegExp)[] {
  if (node.type === 'StringLiteral') return [String(node.value)];
  if (node.type === 'ConditionalExpression')
    return [node.consequent, node.alternate].flatMap((each) => keysOf(each as Node));
  if (node.type !== 'TemplateLiteral') return [];
  const parts = (node.quasis as Node[]).map(({ raw }) => String(raw).replaceAll('.', '\\.'));
  return [new RegExp(`^${parts.join('.*')}$`)];
}

function namesOf(node: Node): string[] | undefined {
  const properties = (node.properties ?? []) as Node[];
  const isOpen = node.type !== 'ObjectExpression' || properties.some(({ type }) => type === 'SpreadElement');
  return isOpen ? undefined : properties.map(({ key, value }) => String((key as Node | undefined)?.value ?? value));
}
