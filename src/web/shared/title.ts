import { useEffect } from 'preact/hooks';

/** Names the page in the tab, in the history, and to a screen reader. */
export function useTitle(...parts: readonly string[]): void {
  const title = [...parts, 'rollbook'].join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);
}
