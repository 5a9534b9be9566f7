/** What the office sees. */
export function OfficePage({ parts }: { parts: readonly string[] }) {
  return <h1>Office {parts.join('/')}</h1>;
}
