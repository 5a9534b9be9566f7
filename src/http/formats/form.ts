import { decodeText, type Format } from './format';

/** `application/x-www-form-urlencoded`, in which only bodies come: each name with its last value. */
export const form: Format = {
  types: ['application/x-www-form-urlencoded'],
  decode: (body, charset = 'utf-8') => Object.fromEntries(new URLSearchParams(decodeText(body, charset))),
};
