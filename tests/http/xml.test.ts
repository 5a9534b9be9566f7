import { xml } from '../../src/http/formats/xml';
import { xmlProblem } from '../../src/http/refusal';
import type { Problem } from '../../src/lib/problem';

const format = xml('result', ['attendances']);
const read = (body: string | Buffer, charset?: string) => format.decode(Buffer.from(body as string), charset);
const refusal = (body: string | Buffer, charset?: string): Problem => {
  try {
    read(body, charset);
  } catch (error) {
    return error as Problem;
  }
  throw new Error(`read without complaint: ${body}`);
};

const item = { enrollment_id: '784754', date: '2014-05-20', status: '1' };
const itemXml =
  '<attendance><enrollment_id>784754</enrollment_id><date>2014-05-20</date><status>1</status></attendance>';

test.each([
  ['any root', `<result><attendances>${itemXml}</attendances></result>`],
  ['another root', `<body><attendances>${itemXml}</attendances></body>`],
  ['attendances itself as the root', `<attendances>${itemXml}</attendances>`],
  ['a declaration', `<?xml version="1.0" encoding="utf-8" ?>\n<r>\n\t<attendances>${itemXml}</attendances>\n</r>\n`],
  ['a namespace prefix', `<s:r xmlns:s="urn:x"><s:attendances>${itemXml}</s:attendances></s:r>`],
  ['attributes', `<r a="1"><attendances type="array">${itemXml}</attendances></r>`],
  ['comments and processing instructions', `<?x y?><r><!-- c --><attendances>${itemXml}</attendances></r><!-- end -->`],
  ['a byte order mark', `\ufeff<r><attendances>${itemXml}</attendances></r>`],
])('reads a body with %s', (_what, body) => {
  expect(read(body)).toEqual({ attendances: { attendance: item } });
});

test('an element that is repeated is a list, text is kept as it stands, an empty element is an empty text', () => {
  expect(read('<r><a>1</a><a> x &amp; &#x1F600; <![CDATA[<y>]]></a><c/><d></d></r>')).toEqual({
    a: ['1', ' x & 😀 <y>'],
    c: '',
    d: '',
  });
});

test('an element can be called _', () => {
  expect(read('<r><_>1</_></r>')).toEqual({ _: '1' });
});

test.each([
  ['UTF-16 by its byte order mark', Buffer.from('\ufeff<r><a>é</a></r>', 'utf16le'), undefined],
  [
    'ISO 8859-1 by its declaration',
    Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><r><a>é</a></r>', 'latin1'),
    undefined,
  ],
  ['ISO 8859-1 by Content-Type', Buffer.from('<r><a>é</a></r>', 'latin1'), 'iso-8859-1'],
  ['UTF-8 by nothing', Buffer.from('<r><a>é</a></r>'), undefined],
])('reads %s', (_what, body, charset) => {
  expect(read(body, charset)).toEqual({ a: 'é' });
});

test.each([
  ['nothing', ''],
  ['white space', ' \n '],
  ['no XML', 'hello'],
  ['JSON', '{"attendances":{}}'],
  ['an unclosed element', '<r><a>'],
  ['crossed elements', '<r><a><b></a></b></r>'],
  ['text after the root', '<r/>junk'],
  ['two roots', '<r/><r/>'],
  ['a DTD', '<!DOCTYPE r><r/>'],
  ['an entity', '<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>'],
  ['an unknown entity', '<r>&a;</r>'],
  ['an external entity', '<!DOCTYPE r SYSTEM "file:///etc/passwd"><r/>'],
  ['bytes that are no UTF-8', Buffer.from([0x3c, 0x72, 0x3e, 0xff, 0x3c, 0x2f, 0x72, 0x3e])],
  ['10,000 elements in each other', '<a>'.repeat(10_000) + '</a>'.repeat(10_000)],
])('refuses %s', (_what, body) => {
  expect(refusal(body)).toMatchObject({ code: 'BODY_MALFORMED', message: expect.stringMatching(/^The body is /) });
});

test('a character set that is not known is not supported', () => {
  expect(refusal('<r/>', 'x-unknown')).toMatchObject({ code: 'MEDIA_TYPE_UNSUPPORTED' });
});

test('elements named like parts of an object are elements', () => {
  const body = read('<r><__proto__><polluted>1</polluted></__proto__><constructor>2</constructor><a>3</a></r>') as {
    a: string;
  };
  expect(body.a).toBe('3');
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('writes what XML can say, and what it reads back is what was written', () => {
  const value = { a: ['1', '2'], b: { c: '<&> "\'' }, d: 'a\rb', e: '😀 é', f: '' };
  expect(format.encode(value)).toBe(
    '<?xml version="1.0" encoding="utf-8" ?>\n' +
      '<result><a>1</a><a>2</a><b><c>&lt;&amp;&gt; "\'</c></b><d>a&#13;b</d><e>😀 é</e><f/></result>',
  );
  expect(read(format.encode(value))).toEqual(value);
});

test('a character that XML cannot carry is written as U+FFFD, an empty list not at all', () => {
  expect(format.encode({ a: 'x\u0000\ud800y', b: [], c: { d: [] }, e: null })).toMatch(
    /<result><a>x\uFFFD\uFFFDy<\/a><c\/><e\/><\/result>$/,
  );
});

test.each([
  ['one', '<r><a><b>1</b></a></r>', [{ b: ['1'] }]],
  ['none', '<r><a/></r>', []],
  ['two', '<r><a><b>1</b><b>2</b></a><a><b/></a></r>', [{ b: ['1', '2'] }, { b: [] }]],
])('a list of %s is restored from the schema', (_many, document, list) => {
  const schema = {
    properties: {
      a: { type: 'array', items: { type: 'object', properties: { b: { type: 'array', items: { type: 'string' } } } } },
    },
  };
  expect(format.decode(Buffer.from(document), undefined, schema)).toEqual({ a: list });
});

test('an error is written in the form of RFC 9457', () => {
  expect(xmlProblem.encode({ status: 400, errors: [{ field: 'a' }, { field: 'b' }] })).toMatch(
    /<problem xmlns="urn:ietf:rfc:7807"><status>400<\/status><errors><i><field>a<\/field><\/i><i><field>b<\/field><\/i><\/errors><\/problem>$/,
  );
});
