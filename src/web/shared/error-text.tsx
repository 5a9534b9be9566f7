import type { ComponentChildren } from 'preact';
import { Refused } from './api';

/** What an error says. The server's own words are English on every page, and said to be (WCAG 2.2, 3.1.2). */
export const ErrorText = ({ error }: { error: Error }): ComponentChildren =>
  error instanceof Refused ? <span lang="en">{error.message}</span> : error.message;

interface Options {
  readonly error: Error | undefined;
  /** Makes a sentence of it, as `Nothing was set: ...`. */
  sentence?(why: ComponentChildren): ComponentChildren;
}

/** An error where there is one, said aloud when it comes. */
export const ErrorNotice = ({ error, sentence = (why) => why }: Options) =>
  error ? (
    <p class="notice" role="alert">
      {sentence(<ErrorText error={error} />)}
    </p>
  ) : null;
