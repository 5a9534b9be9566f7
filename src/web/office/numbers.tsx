import { t } from '../messages/messages';
import { Table } from './table';

interface Options {
  readonly caption: string;
  readonly columns: readonly string[];
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly string[])[];
}

/** The numbers of a chart, for who would rather read them. */
export function Numbers({ caption, columns, rows }: Options) {
  return (
    <details class="numbers">
      <summary>{t('numbers')}</summary>
      <Table label={t('numbers.of', { caption })} columns={columns}>
        {rows.map(([name, ...cells]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {cells.map((cell, index) => (
              <td key={columns[index + 1]}>{cell}</td>
            ))}
          </tr>
        ))}
      </Table>
    </details>
  );
}
