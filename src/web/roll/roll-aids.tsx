import { useState } from 'preact/hooks';
import type { MonthStudent } from '../../../schemas/rollbook/history';
import { t, withMessages } from '../messages/messages';
import { areKeysShown } from '../shared/keys-help';
import { useLoaded } from '../shared/loaded';
import { singleKeys } from '../shared/single-keys';
import type { RollOf } from './roll';

interface Options {
  readonly of: Pick<RollOf, 'title' | 'date'>;
  readonly students: readonly MonthStudent[];
}

/** A blank roll on paper, fetched by those who want it; and the keys, which `?` shows, too. */
export function RollAids({ of, students }: Options) {
  const [isPrinting, print] = useState(false);
  return (
    <>
      <p class="actions aids">
        <button type="button" onClick={() => print(true)}>
          {t('blank.print')}
        </button>
        <button
          type="button"
          class="for-keys"
          aria-keyshortcuts={singleKeys.value ? '?' : undefined}
          onClick={() => {
            areKeysShown.value = true;
          }}
        >
          {t('keys')}
        </button>
      </p>
      {isPrinting && <Blank title={of.title} date={of.date} students={students} onPrinted={() => print(false)} />}
    </>
  );
}

function Blank(options: Parameters<typeof import('./blank-roll')['default']>[0]) {
  const { value } = useLoaded('blank roll', () => withMessages(import('./blank-roll'), 'later'));
  return value ? <value.default {...options} /> : null;
}
