import { type Attack, attack, type Content, type Outcome } from './attack';

const COMMENT = 'é';
const notIn = (encoding: string): Outcome => [400, new RegExp(`not valid ${encoding}`)];
const unknown: Outcome = [415, /character set .* is not known here/];
const garbage: Outcome = [400, /not XML that is read here|not valid/];

const declared = (encoding: string, content: Content, comment = COMMENT) =>
  `<?xml version="1.0" encoding="${encoding}"?><r>${content(comment)}</r>`;
const plain = (content: Content) => `<r>${content(COMMENT)}</r>`;
const utf16le = (text: string) => Buffer.from(text, 'utf16le');
const utf16be = (text: string) => utf16le(text).swap16();
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const utf32 = (text: string, write: 'writeUInt32LE' | 'writeUInt32BE') => {
  const points = [...text].map((character) => character.codePointAt(0)!);
  const bytes = Buffer.alloc(points.length * 4);
  for (const [index, point] of points.entries()) bytes[write](point, index * 4);
  return bytes;
};
/** Code page 037, as far as letters, digits and the signs of XML go; its bytes are hardly ever UTF-8. */
const ebcdic = (text: string) =>
  Buffer.from(
    [...text].map((character) => {
      const code = '<>/?="._0123456789abcdefghijklmnopqrstuvwxyz'.indexOf(character);
      const bytes = [0x4c, 0x6e, 0x61, 0x6f, 0x7e, 0x7f, 0x4b, 0x6d];
      if (code < 0) return 0x40;
      if (code < 8) return bytes[code]!;
      if (code < 18) return 0xf0 + code - 8;
      const letter = code - 18;
      return letter < 9 ? 0x81 + letter : letter < 18 ? 0x91 + letter - 9 : 0xa2 + letter - 18;
    }),
  );
/** The content with these bytes for its comment. */
const withBytes = (content: Content, bytes: readonly number[]) => {
  const [before, after] = `<r>${content('\u0001')}</r>`.split('\u0001');
  return Buffer.concat([Buffer.from(before!), Buffer.from(bytes), Buffer.from(after!)]);
};

export const encodings: readonly Attack[] = [
  attack('UTF-8 with its mark', COMMENT, (content) => `\ufeff${plain(content)}`),
  attack(
    'UTF-8 with its mark and another charset',
    COMMENT,
    (content) => `\ufeff${plain(content)}`,
    'text/xml; charset=iso-8859-1',
  ),
  attack('UTF-8 with two marks', COMMENT, (content) => `\ufeff\ufeff${plain(content)}`),
  attack('UTF-16LE with its mark', COMMENT, (content) => utf16le(`\ufeff${plain(content)}`)),
  attack('UTF-16BE with its mark', COMMENT, (content) => utf16be(`\ufeff${plain(content)}`)),
  attack('UTF-16LE without a mark', COMMENT, (content) => utf16le(declared('UTF-16', content))),
  attack('UTF-16BE without a mark', COMMENT, (content) => utf16be(declared('UTF-16', content))),
  attack('UTF-16LE by charset', COMMENT, (content) => utf16le(plain(content)), 'text/xml; charset=utf-16le'),
  attack('UTF-16BE by charset', COMMENT, (content) => utf16be(plain(content)), 'text/xml; charset=utf-16be'),
  attack(
    'UTF-16BE by a charset that leaves the order open',
    COMMENT,
    (content) => utf16be(plain(content)),
    'text/xml; charset=utf-16',
  ),
  attack('UTF-16LE with its mark that declares UTF-8', COMMENT, (content) =>
    utf16le(`\ufeff${declared('utf-8', content)}`),
  ),
  attack(
    'UTF-16LE with the charset UTF-8',
    COMMENT,
    (content) => utf16le(`\ufeff${plain(content)}`),
    'text/xml; charset=utf-8',
  ),
  attack('UTF-16 of an odd length', notIn('utf-16le'), (content) =>
    Buffer.concat([utf16le(`\ufeff${plain(content)}`), Buffer.from([0x20])]),
  ),
  attack('UTF-16LE with half a surrogate pair', notIn('utf-16le'), (content) =>
    utf16le(`\ufeff<r>${content('\ud83d')}</r>`),
  ),
  attack('UTF-16BE with the other half', notIn('utf-16be'), (content) => utf16be(`\ufeff<r>${content('\ude00')}</r>`)),
  attack('UTF-16LE with a pair', '😀', (content) => utf16le(`\ufeff<r>${content('😀')}</r>`)),
  attack('UTF-32LE with its mark', garbage, (content) => utf32(`\ufeff${plain(content)}`, 'writeUInt32LE')),
  attack('UTF-32BE with its mark', garbage, (content) => utf32(`\ufeff${plain(content)}`, 'writeUInt32BE')),
  attack('UTF-32LE without a mark', garbage, (content) => utf32(plain(content), 'writeUInt32LE')),
  attack('UTF-32 by charset', unknown, plain, 'text/xml; charset=utf-32'),
  attack(
    'UTF-7 by charset',
    unknown,
    (content) => `+ADw-r+AD4-${content('+AOk-')}+ADw-/r+AD4-`,
    'text/xml; charset=utf-7',
  ),
  attack('UTF-7 by declaration', unknown, (content) => declared('UTF-7', content, '+AOk-')),
  attack('UTF-7 by nothing', [400, /outside of root/], (content) => `+ADw-r+AD4-${content('+AOk-')}+ADw-/r+AD4-`),
  attack('EBCDIC by nothing', garbage, (content) => ebcdic(plain(content))),
  attack('EBCDIC by charset', unknown, (content) => ebcdic(plain(content)), 'text/xml; charset=ibm037'),
  attack('EBCDIC by a declaration that is not in it', unknown, (content) => declared('ebcdic-cp-us', content)),
  attack('ISO 8859-1 by declaration', COMMENT, (content) => latin1(declared('ISO-8859-1', content))),
  attack(
    'ISO 8859-1 by charset',
    COMMENT,
    (content) => latin1(plain(content)),
    'application/xml; charset="iso-8859-1"',
  ),
  attack('ISO 8859-1 that declares UTF-8', notIn('utf-8'), (content) => latin1(declared('utf-8', content))),
  attack('ISO 8859-1 by nothing', notIn('utf-8'), (content) => latin1(plain(content))),
  attack(
    'ISO 8859-1 by declaration, UTF-8 by charset (RFC 7303, 3.2: the charset counts)',
    notIn('utf-8'),
    (content) => latin1(declared('ISO-8859-1', content)),
    'text/xml; charset=utf-8',
  ),
  attack(
    'UTF-8 that declares ISO 8859-1, UTF-8 by charset',
    COMMENT,
    (content) => declared('ISO-8859-1', content),
    'text/xml; charset=utf-8',
  ),
  attack('UTF-8 that declares UTF-16', COMMENT, (content) => declared('utf-16', content)),
  attack('UTF-8 with the charset UTF-16', garbage, plain, 'text/xml; charset=utf-16'),
  attack('a charset that is not known', unknown, plain, 'text/xml; charset=x-unknown'),
  attack('a declaration that is not known', unknown, (content) => declared('x-unknown', content)),
  attack('a charset named like a part of an object', unknown, plain, 'text/xml; charset=__proto__'),
  attack('0xFF', notIn('utf-8'), (content) => withBytes(content, [0xff])),
  attack('an overlong NUL', notIn('utf-8'), (content) => withBytes(content, [0xc0, 0x80])),
  attack('an overlong <', notIn('utf-8'), (content) => withBytes(content, [0xe0, 0x80, 0xbc])),
  attack('a surrogate in UTF-8', notIn('utf-8'), (content) => withBytes(content, [0xed, 0xa0, 0xbd])),
  attack('a pair of surrogates in UTF-8', notIn('utf-8'), (content) =>
    withBytes(content, [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]),
  ),
  attack('a character beyond the last', notIn('utf-8'), (content) => withBytes(content, [0xf4, 0x90, 0x80, 0x80])),
  attack('half a character at the end', notIn('utf-8'), (content) =>
    Buffer.concat([Buffer.from(plain(content)), Buffer.from([0xc3])]),
  ),
  attack('a media type that is not read', [415, /is not read here/], plain, 'application/soap+xml'),
];
