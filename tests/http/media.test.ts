import { json } from '../../src/http/formats/json';
import { xml } from '../../src/http/formats/xml';
import { mediaOf } from '../../src/http/media';
import type { Problem } from '../../src/lib/problem';

const media = mediaOf([json, xml('result')]);

/** RFC 9110, 12.5.1. JSON where the client does not care. */
test.each([
  [undefined, 'application/json'],
  ['', 'application/json'],
  ['*/*', 'application/json'],
  ['application/*', 'application/json'],
  ['text/*', 'text/xml'],
  ['text/xml', 'text/xml'],
  ['TEXT/XML', 'text/xml'],
  ['application/xml', 'application/xml'],
  ['application/json;charset=utf-8', 'application/json'],
  ['text/xml, application/json', 'text/xml'],
  ['text/xml;q=0.5, application/json', 'application/json'],
  ['text/xml;q=0.9, application/json;q=0.8', 'text/xml'],
  ['text/xml;q=0, */*', 'application/json'],
  ['application/json;q=0, */*', 'text/xml'],
  ['image/png, text/xml;q=0.1', 'text/xml'],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'application/xml'],
])('Accept: %s is answered in %s', (accept, type) => {
  expect(media.accepted(accept).type).toBe(type);
});

test.each(['image/png', 'application/json;q=0', 'text/html', 'nonsense', ';', '*/*;q=0'])(
  'Accept: %s cannot be satisfied, and the error lists what there is',
  (accept) => {
    expect(() => media.accepted(accept)).toThrow(
      expect.objectContaining({
        code: 'NOT_ACCEPTABLE',
        message: expect.stringContaining('application/json, text/xml'),
      }) as Problem,
    );
    expect(media.acceptedOrFavourite(accept).type).toBe('application/json');
  },
);

test.each([
  ['application/json', '{"a":1}', { a: 1 }],
  ['Application/JSON; charset="UTF-8"', '{"a":1}', { a: 1 }],
  ['text/xml; charset=utf-8', '<r><a>1</a></r>', { a: '1' }],
  ['application/xml', '<r><a>1</a></r>', { a: '1' }],
  [undefined, '{"a":1}', { a: 1 }],
])('Content-Type: %s is read', (type, body, value) => {
  expect(media.decoded(Buffer.from(body), type)).toEqual(value);
});

test.each(['text/plain', 'application/x-www-form-urlencoded', 'nonsense', '', 'application/json-patch+json'])(
  'Content-Type: %s is not read',
  (type) => {
    expect(() => media.decoded(Buffer.from('{}'), type)).toThrow(
      expect.objectContaining({ code: 'MEDIA_TYPE_UNSUPPORTED' }) as Problem,
    );
  },
);

test.each(['', 'nope', '{"a":1', '{"a":1e}', '\u0000', '[1,]'])('%p is not JSON', (body) => {
  expect(() => media.decoded(Buffer.from(body), 'application/json')).toThrow(
    expect.objectContaining({ code: 'BODY_MALFORMED' }) as Problem,
  );
});

test('JSON that is not UTF-8 is malformed', () => {
  expect(() => media.decoded(Buffer.from([0x22, 0xff, 0x22]), 'application/json')).toThrow(
    expect.objectContaining({ code: 'BODY_MALFORMED' }) as Problem,
  );
});
