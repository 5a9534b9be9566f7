import type { AnswerFormat } from '../../http/formats/format';
import { json } from '../../http/formats/json';
import { xml } from '../../http/formats/xml';
import { writeXml } from '../../http/formats/xml-writer';

/** In XML an answer with one property, `{"students": {...}}`, is a document of that element. */
const resources: AnswerFormat = {
  ...xml('results'),
  encode(value) {
    const [[name, inner] = [], ...more] = Object.entries(value as object);
    return name !== undefined && more.length === 0 ? writeXml(name, inner) : writeXml('results', value);
  },
  problem: { type: 'application/xml', encode: (value) => writeXml('error', value) },
};

export const formats: readonly AnswerFormat[] = [json, resources];
