import { useState } from 'preact/hooks';
import type { ImportReport, RowReport } from '../../../../schemas/rollbook/marks';
import { Heads } from '../../shared/heads';
import { language } from '../../shared/language';
import { statuses } from '../../shared/status';

/** More rows at once than anybody reads, and than a phone draws quickly. */
const PAGE = 200;

const groups = [
  { name: 'Refused', has: ({ outcome }: RowReport) => outcome === 'refused' },
  { name: 'Changed', has: ({ outcome }: RowReport) => outcome === 'changed' },
  { name: 'Unchanged', has: ({ outcome }: RowReport) => outcome === 'unchanged' },
  { name: 'With a warning', has: ({ warning }: RowReport) => warning !== '' },
] as const;

/** The rows of a file by what became of them, what somebody must look at first. */
export function ReportTable({ report }: { report: ImportReport }) {
  const all = groups.map((group) => ({ ...group, rows: report.rows.filter(group.has) }));
  const [picked, pick] = useState<string>(() => all.find(({ rows }) => rows.length > 0)?.name ?? 'Changed');
  const [shown, show] = useState(PAGE);
  const { name, rows } = all.find((group) => group.name === picked)!;
  return (
    <>
      <fieldset class="actions">
        <legend class="unseen">Which rows</legend>
        {all.map((group) => (
          <button
            key={group.name}
            type="button"
            class="group"
            aria-pressed={group.name === picked}
            onClick={() => {
              pick(group.name);
              show(PAGE);
            }}
          >
            {group.name} {group.rows.length.toLocaleString(language)}
          </button>
        ))}
      </fieldset>
      {rows.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which a keyboard must be able to
        <section class="scroll" aria-label={`${name} rows`} tabIndex={0}>
          <Rows rows={rows.slice(0, shown)} />
        </section>
      )}
      {rows.length > shown && (
        <button type="button" onClick={() => show(shown + PAGE)}>
          Show more ({(rows.length - shown).toLocaleString(language)} left)
        </button>
      )}
    </>
  );
}

function Rows({ rows }: { rows: readonly RowReport[] }) {
  return (
    <table class="list marks">
      <Heads of={['Line', 'Note', 'Student', 'Section', 'Day', 'From', 'To', 'Comment']} />
      <tbody>
        {rows.map((row) => (
          <tr key={row.line}>
            <th scope="row">{row.line}</th>
            <Note {...row} />
            <td>{row.student}</td>
            <td>{row.section}</td>
            <td class="date">{row.date}</td>
            {row.outcome === 'refused' ? <td /> : <Status word={row.from || 'not taken'} />}
            {row.outcome === 'refused' ? <td>{row.to}</td> : <Status word={row.to} />}
            <td class="comment">{row.comment}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Why not, or what to think of. */
function Note({ message, warning }: RowReport) {
  if (message) return <td class="note reason">{message}</td>;
  return warning ? <td class="note warning">{warning}</td> : <td />;
}

function Status({ word }: { word: string }) {
  const known = statuses.find((status) => status.word === word);
  return <td class={known && `status-${known.status}`}>{word}</td>;
}
