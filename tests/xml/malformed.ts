import { type Attack, attack, type Outcome } from './attack';

const unterminated: Outcome = [400, /unclosed tag|unexpected end/];

/** Bodies that end where they must not. What they should have changed is whole before that. */
const unfinished: readonly Attack[] = [
  ['a declaration', '<?xml version="1.0"'],
  ['a tag', '<r'],
  ['a closing tag', '<r></r'],
  ['an attribute', '<r a'],
  ['a value of an attribute', '<r a="1'],
  ['an element', '<r><a>'],
  ['a comment', '<r><!-- '],
  ['a CDATA section', '<r><![CDATA[ '],
  ['a processing instruction', '<r><?x '],
  ['a document type', '<!DOCTYPE r ['],
  ['an entity', '<r>&am'],
  ['a declaration of an entity', '<!DOCTYPE r [<!ENTITY a "b'],
]
  .map(([what, start]) => attack(`${what} without an end`, [400, /./], () => start!))
  .concat([
    attack('a whole content in a root without an end', unterminated, (content) => `<r>${content()}`),
    attack('a whole content before a comment without an end', unterminated, (content) => `<r>${content()}<!-- </r>`),
    attack(
      'a whole content before a CDATA section without an end',
      unterminated,
      (content) => `<r>${content()}<![CDATA[</r>`,
    ),
    attack(
      'a whole content before an instruction without an end',
      unterminated,
      (content) => `<r>${content()}<?x </r>`,
    ),
    attack('a whole content before half a closing tag', unterminated, (content) => `<r>${content()}</r`),
  ]);

const nothing: readonly Attack[] = [
  ['white space', ' \n\t '],
  ['a comment alone', '<!-- nothing -->'],
  ['a declaration alone', '<?xml version="1.0"?>'],
  ['text', 'hello'],
  ['JSON', '{"record":[]}'],
  ['a form', 'grant_type=client_credentials'],
].map(([what, body]) => attack(what!, [400, /not XML that is read here/], () => body!));

/** XML 1.0, 2.2: what no XML 1.0 document can carry, as it is and as a reference (4.1). */
const characters: readonly Attack[] = [
  ...['\u0000', '\u0001', '\u0008', '\u000b', '\u001f', '\ufffe', '\uffff'].map((character) =>
    attack(
      `U+${character.charCodeAt(0).toString(16)} as it is`,
      [400, /disallowed character/],
      (content) => `<r>${content(character)}</r>`,
    ),
  ),
  ...[
    '#0',
    '#x0',
    '#1',
    '#x8',
    '#xD800',
    '#xDFFF',
    '#xFFFE',
    '#x110000',
    '#99999999999999999999',
    '#-1',
    '#xZZ',
    '#',
    '#x',
    '#1.5',
    '#1e3',
  ].map((name) =>
    attack(`&${name};`, [400, /entity|disallowed character/], (content) => `<r>${content(`&${name};`)}</r>`),
  ),
  attack('NUL in a name', [400, /disallowed character/], (content) => `<r>${content()}<a\u0000/></r>`),
  attack('NUL in an attribute', [400, /disallowed character/], (content) => `<r a="\u0000">${content()}</r>`),
  attack('NUL in a comment', [400, /disallowed character/], (content) => `<r><!-- \u0000 -->${content()}</r>`),
  attack(
    'NUL in a CDATA section',
    [400, /disallowed character/],
    (content) => `<r>${content('<![CDATA[\u0000]]>')}</r>`,
  ),
  attack(
    'NUL after the root',
    [400, /disallowed character|text data outside/],
    (content) => `<r>${content()}</r>\u0000`,
  ),
  attack('a carriage return as it is, which is a line feed (2.11)', 'a\nb', (content) => `<r>${content('a\r\nb')}</r>`),
  attack('a line feed as a reference', 'a\nb', (content) => `<r>${content('a&#10;b')}</r>`),
  attack('the last character of all', '\u{10fffd}', (content) => `<r>${content('&#x10FFFD;')}</r>`),
  attack('comments between everything', 'ill', (content) => `<r>${content('ill', '<!-- </r> -->\n')}</r>`),
  attack('instructions between everything', 'ill', (content) => `<r>${content('ill', '<?x </r> ?>')}</r>`),
];

export const malformed: readonly Attack[] = [...unfinished, ...nothing, ...characters];
