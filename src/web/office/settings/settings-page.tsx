/*
 * `src/web/office/settings/`: Where attendance is taken, the attendance codes of the schools, and who has changed any of it.
 */

import { useState } from 'preact/hooks';
import { t } from '../../messages/messages';
import { Shown } from '../../shared/loaded';
import { useTitle } from '../../shared/title';
import { OneSchoolPicker } from '../pickers';
import { picks } from '../picks';
import { useSchools } from '../schools';
import { CodesPart } from './codes-part';
import { SettingChangesPart } from './setting-changes-part';
import { SisSwitch } from './sis-switch';

/** The settings of the district and of its schools. */
export function SettingsPage() {
  const schools = useSchools();
  const { school } = picks();
  const [turn, setTurn] = useState(0);
  const changed = () => setTurn((before) => before + 1);
  useTitle(t('settings'));
  return (
    <>
      <header class="page-head">
        <h1>{t('settings')}</h1>
      </header>
      <SisSwitch onChanged={changed} />
      <Shown loaded={schools}>
        {(list) => {
          const shown = list.find(({ id }) => String(id) === school) ?? list[0];
          return shown ? (
            <section class="part" aria-labelledby="codes-title">
              <h2 id="codes-title">{t('codes.of-school', { name: shown.name })}</h2>
              <div class="pickers">
                <OneSchoolPicker list={list} school={shown} />
              </div>
              <CodesPart key={shown.id} school={shown.id} onChanged={changed} />
            </section>
          ) : (
            <p>{t('codes.no-schools')}</p>
          );
        }}
      </Shown>
      <SettingChangesPart turn={turn} />
    </>
  );
}
