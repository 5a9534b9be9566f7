import { useEffect, useState } from 'preact/hooks';
import type { MonthStudent } from '../../../schemas/rollbook/history';
import { t, withMessages } from '../messages/messages';
import { useLoaded } from '../shared/loaded';
import { isForPage, singleKeys } from '../shared/single-keys';
import type { RollOf } from './roll';

interface Options {
  readonly of: Pick<RollOf, 'title' | 'date'>;
  readonly students: readonly MonthStudent[];
}

/** A blank roll on paper, and the keys under `?`: looked for seldom, and fetched by those who do. */
export function RollAids({ of, students }: Options) {
  const [shown, show] = useState<'blank' | 'keys'>();
  useEffect(() => {
    const ask = (event: KeyboardEvent) => {
      if (isForPage(event, '?')) show('keys');
    };
    window.addEventListener('keydown', ask);
    return () => window.removeEventListener('keydown', ask);
  }, []);
  const close = () => show(undefined);
  return (
    <>
      <p class="actions aids">
        <button type="button" onClick={() => show('blank')}>
          {t('blank.print')}
        </button>
        <button
          type="button"
          class="for-keys"
          aria-keyshortcuts={singleKeys.value ? '?' : undefined}
          onClick={() => show('keys')}
        >
          {t('keys')}
        </button>
      </p>
      {shown === 'blank' && <Blank title={of.title} date={of.date} students={students} onPrinted={close} />}
      {shown === 'keys' && <Keys onClose={close} />}
    </>
  );
}

function Blank(options: Parameters<typeof import('./blank-roll')['default']>[0]) {
  const { value } = useLoaded('blank roll', () => withMessages(import('./blank-roll'), 'later'));
  return value ? <value.default {...options} /> : null;
}

function Keys(options: { onClose(): void }) {
  const { value } = useLoaded('keys', () => withMessages(import('./keys-dialog'), 'later'));
  return value ? <value.default {...options} /> : null;
}
