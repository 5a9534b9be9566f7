import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { t } from '../messages/messages';
import { isPassing, Offline, Refused } from './api';
import { ErrorText } from './error-text';
import { isSaidAbove } from './session';

/** What is asked of the server: on its way, there, or why not. */
export interface Loaded<Value> {
  readonly value?: Value;
  readonly error?: Error;
  again(): void;
}

/** How often a server that has too much to do is asked again before somebody is told. */
const TRIES = 4;

const isBusy = (error: unknown): error is Refused => error instanceof Refused && isPassing(error);

/** Milliseconds: as long as it asks for, and a little of our own, so that pages do not come back all at once. */
const patienceFor = ({ retryAfter }: Refused): number => 1_000 * (Math.min(retryAfter, 30) || 1) + Math.random() * 500;

/** Asks when the page is shown, shown again or reached by a network again, and whenever `key` changes; what was there stays until the new is. */
export function useLoaded<Value>(key: string, load: () => Promise<Value>): Loaded<Value> {
  const [state, setState] = useState<{ value?: Value; error?: Error; key?: string }>({});
  const [turn, setTurn] = useState(0);
  // `load` is another function each time; `key` says what it loads.
  useLayoutEffect(() => {
    let isCurrent = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const fail = (error: Error) => setState((before) => ({ ...(before.key === key ? before : {}), error, key }));
    const ask = (left: number): Promise<unknown> =>
      load().then(
        (value) => isCurrent && setState({ value, key }),
        (error) => {
          if (!isCurrent) return;
          if (left > 0 && isBusy(error)) timer = setTimeout(() => void ask(left - 1), patienceFor(error));
          else fail(error);
        },
      );
    void ask(TRIES);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
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

/** Shows what was loaded, or that it is on its way, or why it is not there, unless the header says why. */
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
        {t('loading')}
      </p>
    );
  if (isSaidAbove(loaded.error)) return null;
  return (
    <p class="notice" role="alert">
      {loaded.error instanceof Offline ? t('network.none') : <ErrorText error={loaded.error} />}{' '}
      <button type="button" onClick={loaded.again}>
        {t('try-again')}
      </button>
    </p>
  );
}
