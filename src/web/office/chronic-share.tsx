import type { Band, Chronic } from '../../../schemas/rollbook/reports';
import { t } from '../messages/messages';
import { get } from '../shared/api';
import { Shown, useLoaded } from '../shared/loaded';
import { counted, percent } from '../shared/rates';
import { assumedText } from '../shared/reports';
import { bars } from './bars';
import { Chart } from './chart';
import { Numbers } from './numbers';
import type { Picks } from './picks';
import { Picture } from './picture';
import { pathOf } from './wire';

/** How many students miss a tenth of school or more, and how much they miss. */
export function ChronicShare({ span }: { span: Picks }) {
  const loaded = useLoaded(pathOf('chronic', span), () =>
    get<Chronic>(pathOf('/reports/chronic', { ...span, limit: 1 })),
  );
  return (
    <Picture title={t('chronic')} path={pathOf('/reports/chronic', span)} file="chronic-absence">
      <Shown loaded={loaded}>
        {(chronic) => (
          <>
            <p>
              {saidOf(chronic)} <a href={pathOf('#/chronic', span)}>{t('chronic.who')}</a>
            </p>
            <Bands bands={chronic.bands} />
          </>
        )}
      </Shown>
    </Picture>
  );
}

export function saidOf({ total, enrolled, share, min_days, assumed }: Chronic): string {
  if (share === null) return t('chronic.nothing', { days: min_days });
  const missed = t('chronic.said', {
    n: total,
    enrolled,
    share: percent(share),
    days: min_days,
    tenth: percent(0.1, 0),
  });
  return assumed ? `${missed} ${assumedText()}` : missed;
}

/** The same students by how much they missed. */
export function Bands({ bands }: { bands: readonly Band[] }) {
  const list = bands.map(({ from, to, students }) => ({ label: labelOf(from, to), value: students }));
  if (list.every(({ value }) => value === 0)) return null;
  return (
    <>
      <Chart drawing={bars(list, counted)} />
      <Numbers
        caption={t('chronic')}
        columns={[t('chronic.missed'), t('students')]}
        rows={list.map(({ label, value }) => [label, counted(value)])}
      />
    </>
  );
}

const labelOf = (from: number, to: number): string =>
  to === 1
    ? t('chronic.or-more', { from: percent(from, 0) })
    : t('days.from-to', { from: percent(from, 0), to: percent(to, 0) });
