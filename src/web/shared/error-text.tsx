import type { ComponentChildren } from 'preact';
import { t } from '../messages/messages';
import { Refused } from './api';

/**
 * What an error says. The server's own words are English on every page, and said to be (WCAG 2.2, 3.1.2); those of a class that
 * is somebody else's are for programs, so the page has its own.
 */
export function ErrorText({ error }: { error: Error }): ComponentChildren {
  if (!(error instanceof Refused)) return error.message;
  return error.code === 'SECTION_FORBIDDEN' ? t('class.not-yours') : <span lang="en">{error.message}</span>;
}

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
