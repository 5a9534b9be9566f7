import { UntakenRolls } from '../look-back/untaken-rolls';
import { t } from '../messages/messages';
import { Shown } from '../shared/loaded';
import { useTitle } from '../shared/title';
import { OneSchoolPicker } from './pickers';
import { schoolPicked, useSchools } from './schools';

/** The rolls of a school that nobody took, of all days up to today. */
export function UntakenPage() {
  const schools = useSchools();
  useTitle(t('untaken'));
  return (
    <Shown loaded={schools}>
      {(list) => {
        const school = schoolPicked(list);
        if (!school) return <p>{t('no-schools')}</p>;
        return (
          <>
            <header class="page-head">
              <h1>{t('untaken')}</h1>
              <div class="pickers">
                <OneSchoolPicker list={list} school={school} />
              </div>
            </header>
            <UntakenRolls school={school.id} />
          </>
        );
      }}
    </Shown>
  );
}
