import { type Attack, attack, COMMENT, type Outcome, within } from './attack';

const tooMany: Outcome = [413, /more than 100000 elements/];
const tooManyNames: Outcome = [413, /more than 1000 names/];
const tooManyAttributes: Outcome = [413, /more than 100 attributes/];
const tooDeep: Outcome = [400, /nested more than 32 deep/];

/** So many of something as make up a size. */
const times = (text: string, size: number) => text.repeat(Math.max(1, Math.floor(size / text.length)));
/** Different ones. */
const numbered = (text: (index: number) => string, size: number) =>
  Array.from({ length: Math.floor(size / text(100_000).length) }, (_, index) => text(index)).join('');
/** In the root, before the content. */
const inRoot = (name: string, outcome: Outcome, text: (size: number) => string) =>
  attack(name, outcome, (content, size) => within(text(size), content));

/** As large as is asked for, and built to cost more than their size. */
export const huge: readonly Attack[] = [
  attack('quadratic blowup', [400, /document type/], (content, size) => {
    const half = size / 2;
    return `<!DOCTYPE r [<!ENTITY a "${'a'.repeat(half)}">]><r>${content(times('&a;', half))}</r>`;
  }),
  attack('many entities', [400, /document type/], (content, size) => {
    const entities = numbered((index) => `<!ENTITY e${index} "e">`, size);
    return `<!DOCTYPE r [${entities}]>${within('', content)}`;
  }),
  attack(
    'a document type without an end',
    [400, /must contain a root|unexpected end/],
    (_content, size) => `<!DOCTYPE r [${times('<!ENTITY a "b">', size)}`,
  ),
  attack('a declaration that is none', [400, /incorrect syntax/], (_content, size) => `<!${'A'.repeat(size)}`),
  attack('elements in each other without an end', tooDeep, (_content, size) => times('<a>', size)),
  attack(
    'elements in each other',
    tooDeep,
    (content, size) => `${times('<a>', size / 2)}${content()}${times('</a>', size / 2)}`,
  ),
  attack(
    'elements with huge names in each other',
    [400, /unclosed tag|unexpected end|disallowed|undefined/],
    (_content, size) => times(`<${'a'.repeat(size / 30)}>`, size),
  ),
  inRoot('a huge attribute', COMMENT, (size) => `<x a="${'a'.repeat(size)}"/>`),
  inRoot('an attribute of references', COMMENT, (size) => `<x a="${times('&lt;', size)}"/>`),
  inRoot('an attribute of line feeds', COMMENT, (size) => `<x a="${'\n'.repeat(size)}"/>`),
  inRoot('a huge name of an attribute', COMMENT, (size) => `<x ${'a'.repeat(size)}="1"/>`),
  inRoot('many attributes', tooManyAttributes, (size) => `<x ${numbered((index) => `a${index}="" `, size)}/>`),
  inRoot('many elements with as many attributes as may be', COMMENT, (size) => {
    const attributes = Array.from({ length: 100 }, (_, index) => `a${index}="" `).join('');
    return times(`<x ${attributes}/>`, size);
  }),
  inRoot('many attributes of the same name', tooManyAttributes, (size) => `<x ${times('a="" ', size)}/>`),
  inRoot('many namespaces', tooManyAttributes, (size) => `<x ${numbered((index) => `xmlns:a${index}="u" `, size)}/>`),
  inRoot(
    'many prefixes that nobody declared',
    tooManyAttributes,
    (size) => `<x ${numbered((index) => `a${index}:b="" `, size)}/>`,
  ),
  inRoot('a huge prefix that nobody declared', [400, /unbound/], (size) => `<${'a'.repeat(size)}:b/>`),
  inRoot('huge text', COMMENT, (size) => `<x>${'a'.repeat(size)}</x>`),
  inRoot('huge white space', COMMENT, (size) => `${' '.repeat(size)}<x>.</x>`),
  inRoot('huge white space before a letter', COMMENT, (size) => `<x>${' '.repeat(size)}a</x>`),
  inRoot('text of line feeds', COMMENT, (size) => `<x>${'\r'.repeat(size)}</x>`),
  inRoot('text of brackets', COMMENT, (size) => `<x>${']'.repeat(size)}</x>`),
  inRoot('text of astral characters', COMMENT, (size) => `<x>${times('😀', size / 2)}</x>`),
  inRoot('text of references', COMMENT, (size) => `<x>${times('&#65;', size)}</x>`),
  inRoot('a huge name of an entity', [400, /undefined entity/], (size) => `<x>&${'a'.repeat(size)};</x>`),
  inRoot('a huge number of a character', [400, /entity/], (size) => `<x>&#${'9'.repeat(size)};</x>`),
  inRoot('a huge element name', COMMENT, (size) => `<${'a'.repeat(size)}/>`),
  inRoot('a huge comment', COMMENT, (size) => `<!--${'a'.repeat(size)}-->`),
  inRoot('a comment of dashes', COMMENT, (size) => `<!--${times('- ', size)}-->`),
  inRoot('many comments', COMMENT, (size) => times('<!---->', size)),
  inRoot('a comment without an end', [400, /unclosed tag|unexpected end/], (size) => `<!--${times('->', size)}`),
  inRoot('a CDATA section of brackets', COMMENT, (size) => `<x><![CDATA[${times(']a', size)}]]></x>`),
  inRoot(
    'a CDATA section without an end',
    [400, /unclosed tag|unexpected end/],
    (size) => `<x><![CDATA[${times(']', size)}`,
  ),
  inRoot('many CDATA sections', COMMENT, (size) => `<x>${times('<![CDATA[a]]>', size)}</x>`),
  inRoot('an instruction of question marks', COMMENT, (size) => `<?x ${'?'.repeat(size)}?>`),
  inRoot('many instructions', COMMENT, (size) => times('<?x y?>', size)),
  inRoot('98,000 siblings', COMMENT, () => '<x/>'.repeat(98_000)),
  inRoot('siblings of different names', tooManyNames, (size) =>
    numbered((index) => `<x${index}/>`, Math.max(size, 12_000)),
  ),
  inRoot('many siblings of as many names as may be, again and again', COMMENT, () => {
    const siblings = Array.from({ length: 990 }, (_, index) => `<x${index}/>`).join('');
    return `<x>${siblings}</x>`.repeat(98);
  }),
  inRoot('siblings and text between them', COMMENT, () => 'a<x/>'.repeat(98_000)),
  inRoot('100,000 siblings', tooMany, (size) => '<x/>'.repeat(Math.max(100_000, size / 4))),
  inRoot('100,000 empty items', tooMany, (size) =>
    `<record/><attendances><attendance/></attendances>`.repeat(Math.max(34_000, size / 48)),
  ),
];
