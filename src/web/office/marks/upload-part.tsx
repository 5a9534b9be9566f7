/*
 * `src/web/office/marks/`: Marks as CSV: a file is tried, looked at and then sent; and a file to take away.
 * The page is `../marks-page.tsx`.
 */
import { useRef } from 'preact/hooks';
import type { DateOrder, ImportReport } from '../../../../schemas/rollbook/marks';
import { language } from '../../shared/language';
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
      <h2 id="marks-in">Bring marks in</h2>
      <p class="quiet">
        A CSV file of up to 10,000 rows whose first line names its columns: section, student (or enrollment), date
        (YYYY-MM-DD), status, comment. You see what would change before anything is written.
      </p>
      <div class="pickers">
        <label>
          CSV file
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
          {state.why}
        </p>
      )}
      {state.step === 'previewed' && !state.order && <OrderQuestion report={state.report} onYes={read} />}
      {state.step === 'previewed' && <Decision {...state} onConfirm={confirm} onLeave={leave} />}
      {state.step === 'imported' && (
        <button type="button" onClick={leave}>
          Done
        </button>
      )}
      {(state.step === 'previewed' || state.step === 'imported') && <ReportTable report={state.report} />}
    </section>
  );
}

const said: Readonly<Record<DateOrder, string>> = { 'month-first': 'the month first', 'day-first': 'the day first' };

/** Days that are written in the order of a country are read only after somebody has said yes. */
function OrderQuestion({ report: { date_order }, onYes }: { report: ImportReport; onYes(order: DateOrder): void }) {
  if (!date_order) return null;
  const { order, line, text } = date_order;
  return (
    <div class="notice" role="alert">
      <p>
        Line {line} has {said[order]}: {text}. Are all days of the file written so?
      </p>
      <button type="button" onClick={() => onYes(order)}>
        Yes, {said[order]}
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
      {counts.refused > 0 && (
        <p class="notice">What is wrong with {rows(counts.refused)} is said below; they are left out.</p>
      )}
      {ignored.length > 0 && <p class="quiet">Columns that are not read: {ignored.join(', ')}</p>}
      <div class="actions">
        <button type="button" class="main" disabled={counts.changed === 0} onClick={onConfirm}>
          {counts.changed === 0 ? 'Nothing to change' : `Change ${rows(counts.changed)}`}
        </button>
        <button type="button" onClick={onLeave}>
          Cancel
        </button>
      </div>
    </>
  );
}

const rows = (count: number): string => `${count.toLocaleString(language)} ${count === 1 ? 'row' : 'rows'}`;

function saidOf(state: UploadState): string {
  if (state.step === 'busy') return state.doing;
  if (state.step !== 'previewed' && state.step !== 'imported') return '';
  const { file, report } = state;
  const { changed, unchanged, refused } = report.counts;
  if (state.step === 'imported')
    return `Imported ${file.name}: ${rows(changed)} changed, ${rows(unchanged)} stood already, ${rows(refused)} refused.`;
  const said = `${rows(changed)} would change, ${rows(unchanged)} stood already, ${rows(refused)} would be refused.`;
  return `Preview of ${file.name}: ${said} Nothing is written yet.`;
}
