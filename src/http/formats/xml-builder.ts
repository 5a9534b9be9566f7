import type { SaxesTagNS } from 'saxes';

const SCHEMA_INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';

/** An element whose end is yet to come. */
interface Open {
  readonly name: string;
  readonly isNil: boolean;
  text: string;
  children: Record<string, unknown> | undefined;
  /** How many different names its children have. */
  names: number;
}

/** Makes plain values of elements as they are opened and closed. */
export function xmlBuilder() {
  const document = openOf('', false);
  const path = [document];
  let within = document;
  return {
    /** @returns how deep the element is */
    open(tag: SaxesTagNS): number {
      within = openOf(tag.local, isNil(tag));
      return path.push(within) - 1;
    },

    text(text: string): void {
      within.text += text;
    },

    /** @returns how many different names the children of the element around it have by now */
    close(): number {
      const { name } = within;
      const content = contentOf(path.pop()!);
      within = path.at(-1)!;
      within.children ??= {};
      if (!Object.hasOwn(within.children, name)) within.names++;
      add(within.children, name, content);
      return within.names;
    },

    root(): { name: string; content: unknown } {
      const [[name, content]] = Object.entries(document.children!) as [[string, unknown]];
      return { name, content };
    },
  };
}

const openOf = (name: string, isNil: boolean): Open => ({ name, isNil, text: '', children: undefined, names: 0 });

/** XML Schema 1.0, part 1, 2.6.2: serializers write what is null as an empty element with `xsi:nil="true"`. */
const isNil = ({ attributes }: SaxesTagNS): boolean =>
  Object.values(attributes).some(
    ({ uri, local, value }) => local === 'nil' && uri === SCHEMA_INSTANCE && /^\s*(true|1)\s*$/.test(value),
  );

function contentOf({ text, children, isNil }: Open): unknown {
  if (!children) return text === '' && isNil ? null : text;
  if (/\S/.test(text)) add(children, '_', text);
  return children;
}

/** An element that is there already becomes a list. `constructor` and `__proto__` are names like others. */
function add(properties: Record<string, unknown>, name: string, value: unknown): void {
  const standing = Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (Array.isArray(standing)) standing.push(value);
  else if (standing !== undefined) set(properties, name, [standing, value]);
  else set(properties, name, value);
}

function set(properties: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') properties[name] = value;
  else Object.defineProperty(properties, name, { value, writable: true, enumerable: true, configurable: true });
}
