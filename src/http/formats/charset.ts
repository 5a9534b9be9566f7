import { TextDecoder } from 'node:util';
import { Problem } from '../../errors';

/** The text of a body in a character set by its name in the WHATWG Encoding Standard, e.g. `utf-8`, `iso-8859-1`. */
export function decodeText(body: Buffer, charset: string): string {
  const decoder = decoderOf(charset);
  try {
    return decoder.decode(body);
  } catch (cause) {
    throw new Problem('BODY_MALFORMED', `The body is not valid ${charset}.`, { cause });
  }
}

function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch (cause) {
    throw new Problem('MEDIA_TYPE_UNSUPPORTED', `The character set ${charset} is not known here; utf-8 is.`, { cause });
  }
}
