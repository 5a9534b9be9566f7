import { Type } from '@sinclair/typebox';
import { closed, oneOf, parameterOrEmpty, type TypeOf } from '../types';

/** What several resources of Schoology are made of. */

/** A text; its description says where it may be empty. */
export const text = (description: string, example: string) => Type.String({ description, examples: [example] });

/** An id as Schoology writes most of them; of what need not be there it can be empty. */
export const idText = (description: string, example: string) =>
  Type.String({ pattern: '^[0-9]*$', description, examples: [example] });

/** Schoology's booleans are numbers. */
export const flag = (description: string, example: 0 | 1) => oneOf([0, 1], { description, examples: [example] });

/** Clients select columns without a check, so that every documented field is there. */
export const empty = Type.Literal('', { description: 'Always empty: rollbook has nothing for it.', examples: [''] });
export const zero = Type.Literal(0, { description: 'Always 0: rollbook has nothing for it.', examples: [0] });
export const nothing = Type.Null({ description: 'Always null: rollbook has nothing for it.', examples: [null] });
export const zeroText = Type.Literal('0', { description: 'Always 0: rollbook has nothing for it.', examples: ['0'] });

const base = 'https://rollbook.example.org/v1';

const url = (description: string, example: string) => Type.String({ format: 'uri', description, examples: [example] });

/** The links of a resource, with this path as the example. */
export const linksTo = (path: string) => closed({ self: url('Where it is.', `${base}/${path}`) });

/** The links of a page, with these paths and queries as examples. */
export const pageLinks = (self: string, next: string) =>
  closed({
    self: url('This page.', `${base}/${self}`),
    next: Type.Optional(url('The page after it; missing where it is the last.', `${base}/${next}`)),
  });

/** An example of a resource's links. */
export const at = (path: string) => ({ self: `${base}/${path}` });

/** A number as Schoology writes most ids of users: 0 of what need not be there. */
export const idNumber = (description: string, example: number) =>
  Type.Integer({ minimum: 0, description, examples: [example] });

/** What a list has beside its items. */
export const page = {
  total: Type.String({
    pattern: '^[0-9]+$',
    description: 'How many there are on all pages together.',
    examples: ['41'],
  }),
  links: pageLinks('users?start=0&limit=20', 'users?start=20&limit=20'),
};

/** An example of a list of one. */
export const pageOfOne = (path: string) => ({ total: '1', links: at(`${path}?start=0&limit=20`) });

/** A parameter that Schoology documents and that is not honoured here: whoever sends it is told so. Empty, it is a missing one. */
export const refused = (why: string) =>
  Type.Optional(
    oneOf([''], { mustBe: `left out (${why})`, description: `Refused where it is not empty: ${why}.`, examples: [''] }),
  );

/** The same of one that asks for something more by a 1. */
export const refusedSwitch = (why: string) =>
  Type.Optional(
    oneOf(['', '0'], {
      mustBe: `left out (${why})`,
      description: `Refused where it is 1: ${why}.`,
      examples: ['0'],
    }),
  );

/** A parameter that asks for something by a 1. */
export const switchParameter = (description: string) =>
  Type.Optional(oneOf(['', '0', '1'], { mustBe: '1 or 0', description, examples: ['1'] }));

/** "Profile image sizes can be modified by adding the `picture_size` parameter to any request." */
export const ofAnyRequest = { picture_size: refused('there are no pictures here') };

/** "You can use the `start` (or `start_id`) and `limit` URL parameters for pagination." */
export const startId = { start_id: refused('pages begin at `start`, an offset') };

/** Of what is no list. */
export const ResourceQuery = Type.Object(ofAnyRequest, {
  title: 'ResourceQuery',
  description: 'Nothing can be asked for. Parameters that are not documented are ignored.',
  examples: [{}],
});

/** The parameters of lists. */
export const paging = {
  ...ofAnyRequest,
  ...startId,
  start: parameterOrEmpty('The offset of the page, from 0.', '20'),
  limit: parameterOrEmpty('How many a page has: 20 where nothing is said, 200 at most.', '50'),
};

export const ListQuery = Type.Object(paging, {
  title: 'ListQuery',
  description: 'Which page. An empty value is an absent one; parameters that are not documented are ignored.',
  examples: [{ start: '20', limit: '50' }],
});
export type Paging = Pick<TypeOf<typeof ListQuery>, 'start' | 'limit'>;
