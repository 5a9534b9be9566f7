import type { Band, Chronic } from '../../../schemas/rollbook/reports';
import { get } from '../shared/api';
import { language } from '../shared/language';
import { Shown, useLoaded } from '../shared/loaded';
import { percent } from '../shared/rates';
import { ASSUMED } from '../shared/reports';
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
    <Picture title="Chronic absence" path={pathOf('/reports/chronic', span)} file="chronic-absence">
      <Shown loaded={loaded}>
        {(chronic) => (
          <>
            <p>
              {saidOf(chronic)} <a href={pathOf('#/chronic', span)}>Who they are</a>
            </p>
            <Bands bands={chronic.bands} />
          </>
        )}
      </Shown>
    </Picture>
  );
}

export function saidOf({ total, enrolled, share, min_days, assumed }: Chronic): string {
  if (share === null) return `Of no student ${min_days} days or more are known in this time.`;
  const students = `${total.toLocaleString(language)} of ${enrolled.toLocaleString(language)} students (${percent(share)})`;
  const missed = `${students} who were counted on ${min_days} days or more missed 10 % of them or more.`;
  return assumed ? `${missed} ${ASSUMED}` : missed;
}

/** The same students by how much they missed. */
export function Bands({ bands }: { bands: readonly Band[] }) {
  const list = bands.map(({ from, to, students }) => ({ label: labelOf(from, to), value: students }));
  if (list.every(({ value }) => value === 0)) return null;
  const said = (count: number) => count.toLocaleString(language);
  return (
    <>
      <Chart drawing={bars(list, said)} />
      <Numbers
        caption="Chronic absence"
        columns={['Missed of school', 'Students']}
        rows={list.map(({ label, value }) => [label, said(value)])}
      />
    </>
  );
}

const labelOf = (from: number, to: number): string =>
  to === 1 ? `${from * 100} % or more` : `${from * 100} to ${to * 100} %`;
