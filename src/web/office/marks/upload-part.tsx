/*
 * `src/web/office/marks/`: Marks as CSV: a file is tried, looked at and then sent; and a file to take away.
 * The page is `../marks-page.tsx`.
 */

import { useRef } from 'preact/hooks';
import type { DateOrder, ImportReport } from '../../../../schemas/rollbook/marks';
import { t } from '../../messages/messages';
import { ErrorText } from '../../shared/error-text';
import { counted } from '../../shared/rates';
import { ReportTable } from './report-table';
import { type UploadState, useUpload } from './use-upload';

/** Brings marks in from a file: nothing is written before one has seen what would change. */
export function UploadPart() {
  const input = useRef<HTMLInputElement>(null);
  const said = useRef<HTMLParagraphElement>(null);
  // What was pressed goes away; the keyboard goes on from here.
  const { state, choose, read, confirm, forget } = useUpload(() => said.current!.focus());
  const leave = () => {
    input.current!.value = '';
    input.current!.focus();
    forget();
  };
  return (
    <section aria-labelledby="marks-in" class="part">
      <h2 id="marks-in">{t('marks.in')}</h2>
      <p class="quiet">{t('marks.in.what', { most: counted(10_000) })}</p>
      <div class="pickers">
        <label>
          {t('marks.file')}
          <input
            ref={input}
            type="file"
            accept=".csv,.txt,text/csv"
            disabled={state.step === 'busy'}
            onClick={({ currentTarget }) => {
              currentTarget.value = ''; // so that the same file, mended, can be chosen again
            }}
            onChange={({ currentTarget }) => choose(currentTarget.files?.[0])}
          />
        </label>
      </div>
      <p role="status" class="upload-state" tabIndex={-1} ref={said}>
        {saidOf(state)}
      </p>
      {state.step === 'failed' && (
        <p class="notice" role="alert">
          <ErrorText error={state.why} />
        </p>
      )}
      {state.step === 'previewed' && !state.order && <OrderQuestion report={state.report} onYes={read} />}
      {state.step === 'previewed' && <Decision {...state} onConfirm={confirm} onLeave={leave} />}
      {state.step === 'imported' && (
        <button type="button" onClick={leave}>
          {t('roll.done')}
        </button>
      )}
      {(state.step === 'previewed' || state.step === 'imported') && <ReportTable report={state.report} />}
    </section>
  );
}

/** Days that are written in the order of a country are read only after somebody has said yes. */
function OrderQuestion({ report: { date_order }, onYes }: { report: ImportReport; onYes(order: DateOrder): void }) {
  if (!date_order) return null;
  const { order, line, text } = date_order;
  return (
    <div class="notice" role="alert">
      <p>{t('marks.order', { line, order: t(`marks.order.${order}`), text })}</p>
      <button type="button" onClick={() => onYes(order)}>
        {t('marks.order.yes', { order: t(`marks.order.${order}`) })}
      </button>
    </div>
  );
}

interface DecisionOptions {
  readonly report: ImportReport;
  onConfirm(): void;
  onLeave(): void;
}

function Decision({ report: { counts, ignored }, onConfirm, onLeave }: DecisionOptions) {
  return (
    <>
      {counts.refused > 0 && <p class="notice">{t('marks.wrong', { rows: rows(counts.refused) })}</p>}
      {ignored.length > 0 && <p class="quiet">{t('marks.ignored', { columns: ignored.join(', ') })}</p>}
      <div class="actions">
        <button type="button" class="main" disabled={counts.changed === 0} onClick={onConfirm}>
          {counts.changed === 0 ? t('marks.nothing') : t('marks.change', { rows: rows(counts.changed) })}
        </button>
        <button type="button" onClick={onLeave}>
          {t('cancel')}
        </button>
      </div>
    </>
  );
}

const rows = (n: number): string => t('marks.rows', { n });

function saidOf(state: UploadState): string {
  if (state.step === 'busy') return state.doing;
  if (state.step !== 'previewed' && state.step !== 'imported') return '';
  const { file, report } = state;
  const { changed, unchanged, refused } = report.counts;
  const counts = { changed: rows(changed), unchanged: rows(unchanged), refused: rows(refused) };
  return t(state.step === 'imported' ? 'marks.imported' : 'marks.previewed', { file: file.name, ...counts });
}
