/** Deeper than any body of any API here. */
export const MAX_DEPTH = 64;

/**
 * Whether JSON text is nested deeper than that, looked at before it is parsed: what is nested a million deep takes a
 * hundred times its length in memory. Text that is no JSON may give either answer.
 */
export function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) at = endOfString(text, at);
    else if (character === BRACKET || character === BRACE) {
      if (++depth > MAX_DEPTH) return true;
    } else if (character === BRACKET + 2 || character === BRACE + 2) depth--;
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `[` and `{`; what closes them comes two later. */
const BRACKET = 0x5b;
const BRACE = 0x7b;

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

/** An odd number of backslashes before it. */
function isEscaped(text: string, at: number): boolean {
  let before = at;
  while (text.charCodeAt(before - 1) === BACKSLASH) before--;
  return (at - before) % 2 === 1;
}
