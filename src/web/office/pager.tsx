import { language } from '../shared/language';
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
    <nav class="pager" aria-label="Pages of the list">
      <span role="status">
        {shown > 0 ? `${offset + 1} to ${offset + shown}` : 'None'} of {total.toLocaleString(language)}
      </span>
      {!all && (
        <>
          <button type="button" disabled={offset === 0} onClick={to(Math.max(offset - PAGE, 0))}>
            Before
          </button>
          <button type="button" disabled={offset + PAGE >= total} onClick={to(offset + PAGE)}>
            Next
          </button>
        </>
      )}
      <button type="button" onClick={() => pick({ all: all ? undefined : '1', offset: undefined })}>
        {all ? 'Show pages' : 'Show all'}
      </button>
    </nav>
  );
}
