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

/** Who said it, by which API other than rollbook's own, and when. */
export function Author({ said: { by, api, at } }: { said: Said }) {
  return (
    <>
      {[by || t('said.operator'), throughApi(api)].join(' ').trim()}
      {at && (
        <>
          , <time dateTime={at}>{clock(at, session.value!.district.time_zone)}</time>
        </>
      )}
    </>
  );
}

/** Stays beside a mark that somebody else has entered. */
export const OthersNote = ({ said }: { said: Said }) => (
  <p class="author">{rich('said.entered-by', { author: <Author said={said} /> })}</p>
);

/** Stays beside a mark that was put in place of somebody else's. */
export const OverruledNote = ({ said }: { said: Said }) => (
  <p class="author overruled" role="status">
    {rich('said.overruled', { mark: <strong>{wordsOf(said)}</strong>, author: <Author said={said} /> })}
  </p>
);
