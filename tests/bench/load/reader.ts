const NOTHING = Buffer.alloc(0);

/** Reads answers of HTTP/1.1 that come one at a time; as little of them as a load generator has to know. */
export class AnswerReader {
  private head = NOTHING;
  private status = 0;
  /** Bytes of the body that are still to come; undefined while the head is read, Infinity before the last chunk. */
  private missing: number | undefined;
  private tail = '';

  /** The status, once the whole of an answer has come. */
  push(data: Buffer): number | undefined {
    let body = data;
    if (this.missing === undefined) {
      const whole = this.head.length > 0 ? Buffer.concat([this.head, data]) : data;
      const end = whole.indexOf('\r\n\r\n');
      if (end < 0) {
        this.head = Buffer.from(whole); // a copy: the buffer it came in is used again
        return undefined;
      }
      body = whole.subarray(end + 4);
      this.begin(whole.toString('latin1', 0, end));
    }
    return this.read(body) ? this.finish() : undefined;
  }

  private begin(head: string): void {
    this.status = Number(head.slice(9, 12));
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    const isChunked = /\r\ntransfer-encoding: *chunked/i.test(head);
    // RFC 9112, 6.3: a 204 or 304 has no body, whatever its head says.
    if (this.status === 204 || this.status === 304) this.missing = 0;
    else this.missing = isChunked ? Number.POSITIVE_INFINITY : Number(length ?? 0);
  }

  /** Whether the body is complete. A chunked one ends in the chunk of length 0; no text of ours has CR LF in it. */
  private read(body: Buffer): boolean {
    if (Number.isFinite(this.missing)) {
      this.missing! -= body.length;
      return this.missing === 0;
    }
    this.tail = (this.tail + body.toString('latin1', Math.max(0, body.length - 7))).slice(-7);
    return this.tail === '\r\n0\r\n\r\n';
  }

  private finish(): number {
    this.head = NOTHING;
    this.tail = '';
    this.missing = undefined;
    return this.status;
  }
}
