/** What was sent, as JSON has it, cut to a length that a message can hold; also where it is nested beyond saying. */
export function preview(sent: unknown, length = 60): string {
  if (sent === undefined) return 'missing';
  const text = typeof sent === 'number' ? String(sent) : asJson(sent);
  return text.length > length ? `${text.slice(0, length)}...` : text;
}

/** JSON.parse reads deeper nesting than JSON.stringify can write. */
function asJson(sent: unknown): string {
  try {
    return JSON.stringify(sent) ?? typeof sent;
  } catch {
    return `${typeof sent} too deep to show`;
  }
}
