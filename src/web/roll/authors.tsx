import { t } from '../messages/messages';
import { rich } from '../messages/rich';
import { throughApi } from '../shared/api-names';
import { clock } from '../shared/days';
import { session } from '../shared/session';
import { wordOf } from '../shared/status';
import type { Mark, Said } from './marks';

/** What a student is said to be: `absent (ISS), “flu”`. */
export function wordsOf(mark: Mark | undefined): string {
  if (!mark) return t('said.nothing');
  const status = wordOf(mark.status) + (mark.code ? ` (${mark.code})` : '');
  return mark.comment ? t('said.with-comment', { status, comment: mark.comment }) : status;
}

interface Options {
  readonly said: Said;
  /** Of the roll. */
  readonly date: string;
}

/** Who said it, by which API other than rollbook's own, and when: also on which day, where that is not the roll's. */
export function Author({ said: { by, api, at }, date }: Options) {
  return (
    <>
      {[by || t('said.operator'), throughApi(api)].join(' ').trim()}
      {at && (
        <>
          , <time dateTime={at}>{clock(at, session.value!.district.time_zone, date)}</time>
        </>
      )}
    </>
  );
}

/** Stays beside a mark that somebody else has entered. */
export const OthersNote = (options: Options) => (
  <p class="author">{rich('said.entered-by', { author: <Author {...options} /> })}</p>
);

/** Stays beside a mark that was put in place of somebody else's. */
export const OverruledNote = (options: Options) => (
  <p class="author overruled" role="status">
    {rich('said.overruled', { mark: <strong>{wordsOf(options.said)}</strong>, author: <Author {...options} /> })}
  </p>
);
