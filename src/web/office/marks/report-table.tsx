import { useRef, useState } from 'preact/hooks';
import type { ImportReport, RowReport } from '../../../../schemas/rollbook/marks';
import { t } from '../../messages/messages';
import { Heads, useCellHeads } from '../../shared/heads';
import { counted } from '../../shared/rates';
import { statuses, wordOf } from '../../shared/status';

/** More rows at once than anybody reads, and than a phone draws quickly. */
const PAGE = 200;

const groups = [
  { name: 'refused', has: ({ outcome }: RowReport) => outcome === 'refused' },
  { name: 'changed', has: ({ outcome }: RowReport) => outcome === 'changed' },
  { name: 'unchanged', has: ({ outcome }: RowReport) => outcome === 'unchanged' },
  { name: 'warned', has: ({ warning }: RowReport) => warning !== '' },
] as const;

/** The rows of a file by what became of them, what somebody must look at first. */
export function ReportTable({ report }: { report: ImportReport }) {
  const all = groups.map((group) => ({ ...group, rows: report.rows.filter(group.has) }));
  const [picked, pick] = useState<string>(() => all.find(({ rows }) => rows.length > 0)?.name ?? 'changed');
  const [shown, show] = useState(PAGE);
  const { name, rows } = all.find((group) => group.name === picked)!;
  return (
    <>
      <fieldset class="actions">
        <legend class="unseen">{t('marks.which')}</legend>
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
            {t(`marks.${group.name}`)} {counted(group.rows.length)}
          </button>
        ))}
      </fieldset>
      {rows.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which a keyboard must be able to
        <section class="scroll" aria-label={t('marks.rows-of', { kind: t(`marks.${name}`) })} tabIndex={0}>
          <Rows rows={rows.slice(0, shown)} />
        </section>
      )}
      {rows.length > shown && (
        <button type="button" onClick={() => show(shown + PAGE)}>
          {t('marks.show-more', { n: rows.length - shown })}
        </button>
      )}
    </>
  );
}

function Rows({ rows }: { rows: readonly RowReport[] }) {
  const table = useRef<HTMLTableElement>(null);
  const columns = [
    ...[t('marks.line'), t('marks.note'), t('student'), t('section'), t('day')],
    ...[t('changes.from'), t('changes.to'), t('comment')],
  ];
  useCellHeads(table, columns);
  return (
    <table class="list marks" ref={table}>
      <Heads of={columns} />
      <tbody>
        {rows.map((row) => (
          <tr key={row.line}>
            <th scope="row">{row.line}</th>
            <Note {...row} />
            <td>{row.student}</td>
            <td>{row.section}</td>
            <td class="date">{row.date}</td>
            {row.outcome === 'refused' ? <td /> : <Status name={row.from} />}
            {row.outcome === 'refused' ? <td>{row.to}</td> : <Status name={row.to} />}
            <td class="comment">{row.comment}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Why not, or what to think of, in the words of the server. */
function Note({ message, warning }: RowReport) {
  if (message)
    return (
      <td class="note reason" lang="en">
        {message}
      </td>
    );
  return warning ? (
    <td class="note warning" lang="en">
      {warning}
    </td>
  ) : (
    <td />
  );
}

/** A status by the name that the API has for it, which has none where nothing is known. */
function Status({ name }: { name: string }) {
  const known = statuses.find((each) => each.name === name);
  return <td class={known && `status-${known.status}`}>{known || !name ? wordOf(known?.status ?? null) : name}</td>;
}
