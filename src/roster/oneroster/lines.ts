/**
 * The line that each record begins on, told by the line that csv-parse says it ends on: a quoted value may hold line
 * ends of its own, and a CRLF in one is two lines to csv-parse.
 */
export function lineCounter(): (record: readonly string[], endLine: number) => number {
  let last = 0;
  let twice = 0;
  return (record, endLine) => {
    let inside = 0;
    const before = twice;
    if (endLine > last + 1)
      for (const value of record)
        for (let at = 0; at < value.length; at++) {
          const code = value.charCodeAt(at);
          if (code === LF || code === CR) inside++;
          if (code === CR && value.charCodeAt(at + 1) === LF) twice++;
        }
    last = endLine;
    return endLine - before - inside;
  };
}

const LF = 10;
const CR = 13;
