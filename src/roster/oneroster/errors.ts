/** What is wrong with one value of a row; the row is refused, the rest goes in. */
export class ValueError extends Error {
  constructor(
    readonly column: string,
    reason: string,
  ) {
    super(reason);
  }
}

/** What is wrong with a file from a line on; what stood before has gone in, and nothing is ended on its account. */
export class FileError extends Error {
  constructor(
    readonly file: string,
    readonly line: number,
    reason: string,
    cause?: unknown,
  ) {
    super(reason, { cause });
  }
}
