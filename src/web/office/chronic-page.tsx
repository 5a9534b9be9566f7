import type { Chronic } from '../../../schemas/rollbook/reports';
import { t } from '../messages/messages';
import { get } from '../shared/api';
import { mediumDay } from '../shared/days';
import { Shown, useLoaded } from '../shared/loaded';
import { percent } from '../shared/rates';
import { useTitle } from '../shared/title';
import { Bands, saidOf } from './chronic-share';
import { Pager, pageOf } from './pager';
import { RangePicker, SchoolPicker } from './pickers';
import { picks, spanOf } from './picks';
import { Picture } from './picture';
import { Table } from './table';
import { pathOf } from './wire';

const columns = () => [
  ...[t('student'), t('grade'), t('school'), t('chronic.days-missed')],
  ...[t('chronic.partly-missed'), t('chronic.missed')],
];

/** Who misses a tenth of school or more, those who miss most first. */
export function ChronicPage() {
  const span = spanOf(picks());
  const path = pathOf('/reports/chronic', { ...span, ...pageOf(picks()) });
  const loaded = useLoaded(path, () => get<Chronic>(path));
  useTitle(t('chronic'));
  return (
    <>
      <header class="page-head">
        <h1>{t('chronic')}</h1>
        <p class="quiet">
          <a href={pathOf('#/chronic/letters', span)}>{t('letters.to-families')}</a>
        </p>
        <div class="pickers">
          <SchoolPicker />
          <RangePicker />
        </div>
      </header>
      <Picture title={t('students')} path={pathOf('/reports/chronic', span)} file="chronic-absence">
        <Shown loaded={loaded}>{(chronic) => <Students {...chronic} />}</Shown>
      </Picture>
    </>
  );
}

function Students(chronic: Chronic) {
  const { from, to, total, students, bands } = chronic;
  return (
    <>
      <p>
        {saidOf(chronic)} <span class="quiet">{t('days.from-to', { from: mediumDay(from), to: mediumDay(to) })}</span>
      </p>
      <Bands bands={bands} />
      {total > 0 && <List students={students} />}
      <Pager total={total} shown={students.length} />
    </>
  );
}

function List({ students }: Pick<Chronic, 'students'>) {
  return (
    <Table label={t('chronic.table')} columns={columns()}>
      {students.map(({ person_id, name, school, grades, enrolled_days, absent_days, partial_days, rate }) => (
        <tr key={`${person_id} ${school}`}>
          <th scope="row">
            <a href={`#/students/${person_id}`}>{name}</a>
          </th>
          <td>{grades}</td>
          <td>{school}</td>
          <td>{t('of', { n: absent_days, total: enrolled_days })}</td>
          <td>{partial_days}</td>
          <td>{percent(rate)}</td>
        </tr>
      ))}
    </Table>
  );
}
