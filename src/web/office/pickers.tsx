import { t } from '../messages/messages';
import { onlySchool } from '../shared/session';
import { pick, picks } from './picks';
import { useSchools } from './schools';
import type { School } from './wire';

/** Picks one school, or all of them; says which it is, where one sees one alone. */
export function SchoolPicker() {
  const { school = '' } = picks();
  const { value: schools = [] } = useSchools();
  if (onlySchool() !== undefined) return <p class="quiet">{schools[0]?.name}</p>;
  return (
    <label>
      {t('school')}
      <select
        value={school}
        onChange={({ currentTarget }) => pick({ school: currentTarget.value || undefined, offset: undefined })}
      >
        <option value="">{t('schools.all')}</option>
        {schools.map(({ id, name }) => (
          <option key={id} value={String(id)} selected={String(id) === school}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Picks one school, where there has to be one. */
export function OneSchoolPicker({ list, school }: { list: readonly School[]; school: School }) {
  return (
    <label>
      {t('school')}
      <select
        value={String(school.id)}
        onChange={({ currentTarget }) =>
          pick({ school: currentTarget.value, code: undefined, period: undefined, to: undefined })
        }
      >
        {list.map(({ id, name }) => (
          <option key={id} value={String(id)} selected={id === school.id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Picks the days of reports, both ends included; where nothing is picked, the school year up to today. */
export function RangePicker() {
  const { from = '', to = '' } = picks();
  const pickDay = (name: 'from' | 'to') => (event: { currentTarget: HTMLInputElement }) => {
    const { value, validity } = event.currentTarget;
    if (validity.valid) pick({ [name]: value || undefined, offset: undefined });
  };
  return (
    <>
      <label>
        {t('from')}
        <input type="date" min="1970-01-01" max="2199-12-31" value={from} onChange={pickDay('from')} />
      </label>
      <label>
        {t('to')}
        <input type="date" min="1970-01-01" max="2199-12-31" value={to} onChange={pickDay('to')} />
      </label>
      {(from || to) && (
        <button type="button" onClick={() => pick({ from: undefined, to: undefined, offset: undefined })}>
          {t('school-year')}
        </button>
      )}
    </>
  );
}
