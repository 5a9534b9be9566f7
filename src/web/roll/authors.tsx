import { throughApi } from '../shared/api-names';
import { clock } from '../shared/days';
import { session } from '../shared/session';
import { wordOf } from '../shared/status';
import type { Mark, Said } from './marks';

/** What a student is said to be: `absent, “flu”`. */
export const wordsOf = (mark: Mark | undefined): string =>
  mark
    ? wordOf(mark.status) + (mark.code ? ` (${mark.code})` : '') + (mark.comment && `, “${mark.comment}”`)
    : 'not marked';

/** Who said it, by which API other than rollbook's own, and when. */
export function Author({ said: { by, api, at } }: { said: Said }) {
  return (
    <>
      {[by || 'the operator', throughApi(api)].join(' ').trim()}
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
  <p class="author">
    Entered by <Author said={said} />
  </p>
);

/** Stays beside a mark that was put in place of somebody else's. */
export const OverruledNote = ({ said }: { said: Said }) => (
  <p class="author overruled" role="status">
    You overrule <strong>{wordsOf(said)}</strong>, entered by <Author said={said} />
  </p>
);
