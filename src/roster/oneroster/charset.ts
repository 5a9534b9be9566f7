import type { Readable } from 'node:stream';
import { Transform } from 'node:stream';
import { TextDecoder } from 'node:util';
import type { BundleFile } from './bundle';

/**
 * The character set of a file: OneRoster wants UTF-8; a byte order mark may say UTF-16; what is not valid UTF-8 was
 * saved by a spreadsheet as Windows-1252. The file is read once to know, since the first accent may be on its last line.
 */
async function charsetOf(file: BundleFile): Promise<string> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  const stream = await file.open();
  let first = true;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (first && chunk[0] === 0xff && chunk[1] === 0xfe) return 'utf-16le';
      if (first && chunk[0] === 0xfe && chunk[1] === 0xff) return 'utf-16be';
      first = false;
      utf8.decode(chunk, { stream: true });
    }
    utf8.decode();
    return 'utf-8';
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'windows-1252';
    throw error;
  } finally {
    stream.destroy();
  }
}

/** The text of a file, without its byte order mark; `onBytes` is told how many bytes each step took. */
export async function textOf(file: BundleFile, onBytes: (bytes: number) => void): Promise<Readable> {
  const decoder = new TextDecoder(await charsetOf(file));
  const decode = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      onBytes(chunk.length);
      done(null, decoder.decode(chunk, { stream: true }));
    },
    flush: (done) => done(null, decoder.decode()),
  });
  const stream = await file.open();
  stream.on('error', (error) => decode.destroy(error));
  return stream.pipe(decode);
}
