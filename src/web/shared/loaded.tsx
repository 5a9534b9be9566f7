import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { Offline } from './api';

/** What is asked of the server: on its way, there, or why not. */
export interface Loaded<Value> {
  readonly value?: Value;
  readonly error?: Error;
  again(): void;
}

/** Asks when the page is shown, shown again or reached by a network again, and whenever `key` changes; what was there stays until the new is. */
export function useLoaded<Value>(key: string, load: () => Promise<Value>): Loaded<Value> {
  const [state, setState] = useState<{ value?: Value; error?: Error; key?: string }>({});
  const [turn, setTurn] = useState(0);
  // `load` is another function each time; `key` says what it loads.
  useLayoutEffect(() => {
    let isCurrent = true;
    load().then(
      (value) => isCurrent && setState({ value, key }),
      (error) => isCurrent && setState((before) => ({ ...(before.key === key ? before : {}), error, key })),
    );
    return () => {
      isCurrent = false;
    };
  }, [key, turn]);
  useEffect(() => {
    const again = () => document.hidden || setTurn((before) => before + 1);
    document.addEventListener('visibilitychange', again);
    window.addEventListener('online', again);
    return () => {
      document.removeEventListener('visibilitychange', again);
      window.removeEventListener('online', again);
    };
  }, []);
  const isOfKey = state.key === key;
  return {
    ...(isOfKey && state.value !== undefined && { value: state.value }),
    ...(isOfKey && state.error && { error: state.error }),
    again: () => setTurn((before) => before + 1),
  };
}

/** Shows what was loaded, or that it is on its way, or why it is not there. */
export function Shown<Value>({
  loaded,
  children,
}: {
  loaded: Loaded<Value>;
  children: (value: Value) => ComponentChildren;
}) {
  if (loaded.value !== undefined) return <>{children(loaded.value)}</>;
  if (!loaded.error)
    return (
      <p class="quiet" role="status">
        Loading…
      </p>
    );
  return (
    <p class="notice" role="alert">
      {loaded.error instanceof Offline ? 'There is no network.' : loaded.error.message}{' '}
      <button type="button" onClick={loaded.again}>
        Try again
      </button>
    </p>
  );
}
