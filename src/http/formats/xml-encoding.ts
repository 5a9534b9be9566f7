/** Byte order marks, and `<` as the first character where there is none (XML 1.0, appendix F.1). */
const signs: readonly (readonly [bytes: readonly number[], encoding: string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
  [[0x3c, 0x00], 'utf-16le'],
  [[0x00, 0x3c], 'utf-16be'],
];

/**
 * The name of the encoding of an XML document: what its first bytes are in, whatever else is said of it; else what
 * Content-Type says (RFC 7303, 3.2), what the document declares, and UTF-8.
 */
export function encodingOf(body: Buffer, charset: string | undefined): string {
  const sign = signs.find(([bytes]) => bytes.every((byte, index) => body[index] === byte));
  return sign?.[1] ?? charset ?? declaredEncoding(body) ?? 'utf-8';
}

/**
 * XML 1.0, 2.8: `<?xml version="1.0" encoding="..."?>` at the very start. One that can be read byte by byte is not in
 * UTF-16, whatever it says: .NET declares so of every text that it writes, and sends it as UTF-8.
 */
function declaredEncoding(body: Buffer): string | undefined {
  const [, declared] =
    /^<\?xml[^>]{0,100}?\sencoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(body.toString('latin1', 0, 200)) ?? [];
  return declared && /^utf-?16/i.test(declared) ? undefined : declared;
}
