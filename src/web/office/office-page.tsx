import { MarksPage } from './marks-page';

/** What the office sees. */
export function OfficePage({ parts }: { parts: readonly string[] }) {
  if (parts[0] === 'marks') return <MarksPage />;
  return <h1>Office {parts.join('/')}</h1>;
}
