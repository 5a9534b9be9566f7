import { parse as parseContentType } from 'content-type';
import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';
import { Problem } from '../lib/problem';
import type { AnswerFormat, Format, Schema } from './formats/format';

/** A format and the media type by which the client asked for it. */
export interface Offer {
  readonly format: AnswerFormat;
  readonly type: string;
}

/** Whoever reads an answer tells it apart by its type alone. */
export const withoutParameters = (type: string): string => type.split(';', 1)[0]!;

/** How many Accept fields are remembered, and how long one may be to be. */
const REMEMBERED = 100;
const LENGTH = 256;

/** The only reader of Accept and Content-Type, for the formats of one API, favourite first. */
export function mediaOf(formats: readonly Format[]) {
  const offers = formats.filter(isWritten).flatMap((format) => format.types.map((type): Offer => ({ format, type })));
  const types = offers.map(({ type }) => type);
  const favourite = offers[0]!;
  const list = types.join(', ');
  const read = formats.flatMap((format) => format.types).join(', ');
  const met = new LRUCache<string, { readonly offer: Offer | undefined }>({ max: REMEMBERED });

  /**
   * RFC 9110, 12.5.1: q-values and wildcards; without the field, any type will do. Clients ask for
   * `application/json;charset=utf-8`; every answer is in UTF-8, so that the parameter says nothing.
   */
  const negotiate = (field: string): Offer | undefined => {
    const accept = field.replace(/;\s*charset=[^;,]*/gi, '');
    const type = new Negotiator({ headers: { accept } }).mediaType(types);
    return offers.find((offer) => offer.type === type);
  };

  /** Clients send the same few Accept fields for ever; hostile ones do not fill the memory. */
  const preferred = (accept: string | undefined): Offer | undefined => {
    if (!accept || accept === '*/*') return favourite;
    const known = met.get(accept) ?? { offer: negotiate(accept) };
    if (accept.length <= LENGTH) met.set(accept, known);
    return known.offer;
  };

  return {
    /** What the client accepts most. */
    accepted(accept: string | undefined): Offer {
      const offer = preferred(accept);
      if (!offer) throw new Problem('NOT_ACCEPTABLE', `None of what is accepted is available. There is: ${list}.`);
      return offer;
    },

    /** The same for an error, which has to be said in some format. */
    acceptedOrFavourite: (accept: string | undefined): Offer => preferred(accept) ?? favourite,

    /** The body in the format that Content-Type names; the favourite where nothing is said. */
    decoded(body: Buffer, contentType: string | undefined, schema?: Schema): unknown {
      if (contentType === undefined) return formats[0]!.decode(body, undefined, schema);
      const { type, charset } = typeOf(contentType);
      const format = formats.find(({ types }) => types.includes(type));
      if (format) return format.decode(body, charset, schema);
      throw new Problem('MEDIA_TYPE_UNSUPPORTED', `A body of ${type || contentType} is not read here. Send: ${read}.`);
    },
  };
}

const isWritten = (format: Format): format is AnswerFormat => format.encode !== undefined;

/** RFC 9110, 8.3.1: type and subtype are case-insensitive. */
function typeOf(contentType: string): { type: string; charset: string | undefined } {
  try {
    const { type, parameters } = parseContentType(contentType);
    return { type, charset: parameters.charset };
  } catch {
    return { type: '', charset: undefined };
  }
}
