import { t } from '../messages/messages';
import { type Picks, pick, picks } from './picks';

const PAGE = 50;

/** The part of a list that is asked for: all of it, or a page. */
export const pageOf = ({ all, offset = '0' }: Picks) => (all ? {} : { limit: PAGE, offset });

/** Goes through the pages of a list, or shows all of it, as for printing. */
export function Pager({ total, shown }: { total: number; shown: number }) {
  const { all, offset: sent = '0' } = picks();
  const offset = all ? 0 : Number(sent);
  if (total <= PAGE) return null;
  const to = (start: number) => () => pick({ offset: start > 0 ? String(start) : undefined });
  return (
    <nav class="pager" aria-label={t('pages')}>
      <span role="status">
        {shown > 0 ? t('pages.shown', { from: offset + 1, to: offset + shown, total }) : t('pages.none', { total })}
      </span>
      {!all && (
        <>
          <button type="button" disabled={offset === 0} onClick={to(Math.max(offset - PAGE, 0))}>
            {t('pages.before')}
          </button>
          <button type="button" disabled={offset + PAGE >= total} onClick={to(offset + PAGE)}>
            {t('pages.next')}
          </button>
        </>
      )}
      <button type="button" onClick={() => pick({ all: all ? undefined : '1', offset: undefined })}>
        {t(all ? 'pages.some' : 'pages.all')}
      </button>
    </nav>
  );
}
