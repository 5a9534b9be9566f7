import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../src/lib/root';
import { type Attack, attack, COMMENT, type Outcome } from './attack';

const folder = join(root, 'tests/xml/files');
const doctype: Outcome = [400, /document type declaration is not accepted/];
const undefinedEntity: Outcome = [400, /undefined entity/];
const unbound: Outcome = [400, /unbound namespace prefix/];

/** Those that are read as if there were nothing odd about them are not listed. */
const outcomes: Readonly<Record<string, Outcome>> = {
  'billion-laughs': doctype,
  'external-entity-file': doctype,
  'external-entity-http': doctype,
  'external-entity-undeclared': undefinedEntity,
  'parameter-entity': doctype,
  'dtd-internal': doctype,
  'dtd-empty': doctype,
  'dtd-external': doctype,
  'dtd-public': doctype,
  'dtd-lower-case': [400, /incorrect syntax/],
  'dtd-within-the-root': [400, /inappropriately located doctype/],
  'dtd-after-the-root': [400, /inappropriately located doctype/],
  'dtd-unknown-declaration': [400, /incorrect syntax/],
  'entity-of-html': undefinedEntity,
  'entity-named-toString': undefinedEntity,
  'entity-named-__proto__': undefinedEntity,
  'entities-predefined': '<&>"\' 😀é',
  'ampersand-alone': [400, /unclosed tag/],
  'ampersand-empty': [400, /empty entity name/],
  'declaration-twice': [400, /declaration must/],
  'declaration-within': [400, /declaration must/],
  'declaration-not-first': [400, /declaration must/],
  'declaration-without-a-version': [400, /expected one of version/],
  'namespace-undeclared': unbound,
  'namespace-undeclared-of-an-attribute': unbound,
  'namespace-two-colons': [400, /malformed name/],
  'namespace-xml-redefined': [400, /xml prefix must be bound/],
  'namespace-xmlns-redefined': [400, /xmlns prefix must be bound/],
  'attribute-twice': [400, /duplicate attribute/],
  'attribute-twice-by-namespace': [400, /duplicate attribute/],
  'attribute-without-a-value': [400, /attribute without value/],
  'attribute-without-quotes': [400, /unquoted attribute value/],
  'attribute-with-a-tag-in-it': [400, /disallowed character/],
  'roots-two': [400, /only one root/],
  'text-before-the-root': [400, /text data outside of root/],
  'text-after-the-root': [400, /text data outside of root/],
  'cdata-after-the-root': [400, /text data outside of root/],
  'comment-with-two-dashes': [400, /malformed comment/],
  'cdata-of-its-own-end': '<a>&amp;]]>',
  'cdata-end-in-text': [400, /is disallowed in char data/],
  'elements-crossed': [400, /unexpected close tag/],
  'elements-of-another-case': [400, /unexpected close tag/],
  'element-with-a-space-before-its-name': [400, /disallowed character/],
  'element-named-by-a-number': [400, /disallowed character/],
  html: [400, /unexpected close tag/],
};

/** Documents that can be read as files; `{content}` in them is the API's own, `{content ...}` with this as comment. */
export const files: readonly Attack[] = readdirSync(folder).map((file) => {
  const name = file.replace(/\.xml$/, '');
  const text = readFileSync(join(folder, file), 'utf8');
  return attack(name, outcomes[name] ?? COMMENT, (content) =>
    text.replace(/\{content(?: ([^}]*))?\}/g, (_all, comment) => content(comment)),
  );
});

/** Names of outcomes without a file. */
export const missing = Object.keys(outcomes).filter((name) => !files.some((file) => file.name === name));
