import { t } from '../messages/messages';
import { useTitle } from '../shared/title';
import './marks/marks.css';
import { may } from '../shared/session';
import { ExportPart } from './marks/export-part';
import { UploadPart } from './marks/upload-part';

/** The marks of many sections and days at once, in and out as CSV. */
export function MarksPage() {
  useTitle(t('marks'));
  return (
    <>
      <header class="page-head">
        <h1>{t('marks')}</h1>
      </header>
      {may('attendance:write') && <UploadPart />}
      <ExportPart />
    </>
  );
}
