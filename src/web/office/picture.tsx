import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { t } from '../messages/messages';
import { ErrorNotice } from '../shared/error-text';
import { downloadCsv } from './download';
import { printAlone } from './print';

interface Options {
  readonly title: string;
  /** Of the report in which its numbers are. */
  readonly path: string;
  /** Of the file with them. */
  readonly file: string;
  readonly children: ComponentChildren;
}

/** A report as it is looked at: with its numbers as CSV, and to print. */
export function Picture({ title, path, file, children }: Options) {
  const id = useId();
  const part = useRef<HTMLElement>(null);
  const [error, setError] = useState<Error>();
  const download = () => downloadCsv(path, file).then(() => setError(undefined), setError);
  return (
    <section class="picture" aria-labelledby={id} ref={part}>
      <header>
        <h2 id={id}>{title}</h2>
        <button type="button" aria-label={t('picture.csv', { title })} onClick={download}>
          {t('csv')}
        </button>
        <button type="button" aria-label={t('picture.print', { title })} onClick={() => printAlone(part.current!)}>
          {t('print')}
        </button>
      </header>
      <ErrorNotice error={error} />
      {children}
    </section>
  );
}
