import { useEffect } from 'preact/hooks';
import type { Loaded } from '../shared/loaded';

/** Milliseconds after which what is looked at is asked for again. */
const OFTEN = 30_000;

/** Keeps what was loaded up to date while it is looked at. */
export function useRefresh({ again }: Pick<Loaded<unknown>, 'again'>): void {
  useEffect(() => {
    const refresh = () => document.hidden || again();
    const timer = setInterval(refresh, OFTEN);
    return () => clearInterval(timer);
  }, []);
}
