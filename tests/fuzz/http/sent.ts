/** A request as it goes on the wire. */
export interface Sent {
  readonly method: string;
  /** Path and query, as on the request line. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** The request as a line for a shell, to send it again by hand. */
export function curlOf({ method, target, headers, body }: Sent, url: string): string {
  const fields = Object.entries(headers)
    .flatMap(([name, values]) => [values].flat().map((value) => `${name}: ${value}`))
    .map((field) => `-H ${quoted(Buffer.from(field, 'latin1'))}`);
  const data = body.length > 0 ? ['--data-binary', quoted(body)] : [];
  return ['curl -i --path-as-is -X', method, ...fields, ...data, quoted(Buffer.from(url + target, 'latin1'))].join(' ');
}

/** Bytes as bash takes them: `$'...'` where some are not printable. */
function quoted(bytes: Buffer): string {
  const text = bytes.toString('latin1');
  if (/^[\x20-\x7e]*$/.test(text) && !text.includes("'")) return `'${text}'`;
  const escaped = text.replace(
    /[^\x20-\x7e]|['\\]/g,
    (each) => `\\x${each.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `$'${escaped}'`;
}
