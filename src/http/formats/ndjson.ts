import { Problem } from '../../lib/problem';
import { type AnswerFormat, asText } from './format';

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

/** JSON values, each in a line of its own: the items of the one list that a body has, and then what else it says. */
export const ndjson = (list: string): AnswerFormat => ({
  types: ['application/x-ndjson'],
  describe: asText,
  decode: () => {
    throw new Problem('MEDIA_TYPE_UNSUPPORTED');
  },
  encode(value) {
    const { [list]: items, ...rest } = value as Readonly<Record<string, readonly unknown[]>>;
    return items!.map(line).join('') + line(rest);
  },
  parts: {
    open: '',
    close: '',
    property: (name, value) => line({ [name]: value }),
    list: { begin: () => '', items: (_name, items) => items.map(line).join(''), end: () => '' },
  },
});
