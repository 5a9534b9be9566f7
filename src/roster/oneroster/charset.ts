import { Transform } from 'node:stream';
import { TextDecoder } from 'node:util';
import zlib from 'node:zlib';
import type { BundleFile } from './bundle';
import { type Entry, workbook } from './source';

/**
 * The character set of a file: OneRoster wants UTF-8; a byte order mark may say UTF-16; what is not valid UTF-8 was
 * saved by a spreadsheet as Windows-1252. The file is read to its end to know, since the first accent may be on its
 * last line. Throws where it is not what its checksum says.
 */
export async function charsetOf(file: Entry): Promise<string> {
  return (await readThrough(file)).charset;
}

/** The same, and whether the file breaks off in a line. */
export async function readThrough(file: Entry): Promise<{ charset: string; endsOpen: boolean }> {
  const stream = await file.open();
  const utf8 = utf8Check();
  let start = Buffer.alloc(0);
  let sum = 0;
  let end: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (start.length < 4) start = Buffer.concat([start, chunk.subarray(0, 4)]);
      if (file.crc32 !== undefined) sum = crc32(chunk, sum);
      utf8.add(chunk);
      end = chunk.length > 1 ? chunk.subarray(-2) : Buffer.concat([end, chunk]).subarray(-2);
    }
  } finally {
    stream.destroy();
  }
  if (file.crc32 !== undefined && crc32 !== noCrc32 && sum !== file.crc32) throw new Error('its checksum is wrong');
  if (start.subarray(0, 4).equals(ZIP)) throw workbook(file.name);
  const endsOpen = ![...end].some((byte) => byte === 0x0a || byte === 0x0d);
  return { charset: marked(start) ?? (utf8.valid() ? 'utf-8' : 'windows-1252'), endsOpen };
}

const noCrc32 = () => 0;
/** Node has it from 20.15 on; before, a zip is checked by its sizes and its compression alone. */
const crc32 = zlib.crc32 ?? noCrc32;

/** What a workbook is inside, whatever it is called. */
const ZIP = Buffer.from('PK\u0003\u0004');

function marked(start: Buffer): string | undefined {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return 'utf-8';
  return undefined;
}

function utf8Check() {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let valid = true;
  const check = (decode: () => unknown) => {
    try {
      if (valid) decode();
    } catch {
      valid = false;
    }
    return valid;
  };
  return {
    add: (chunk: Buffer) => check(() => decoder.decode(chunk, { stream: true })),
    valid: () => check(() => decoder.decode()),
  };
}

/** Makes text of a file's bytes, without its byte order mark; `onBytes` is told how many bytes each step took. */
export function decoderOf({ charset }: BundleFile, onBytes: (bytes: number) => void): Transform {
  const decoder = new TextDecoder(charset);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      onBytes(chunk.length);
      done(null, decoder.decode(chunk, { stream: true }));
    },
    flush: (done) => done(null, decoder.decode()),
  });
}
