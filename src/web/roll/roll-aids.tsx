import { useEffect, useState } from 'preact/hooks';
import type { MonthStudent } from '../../../schemas/rollbook/history';
import { useLoaded } from '../shared/loaded';
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
      const isTyping = (event.target as Element).matches('input:not([type=radio]), select, textarea');
      if (event.key === '?' && !isTyping) show('keys');
    };
    window.addEventListener('keydown', ask);
    return () => window.removeEventListener('keydown', ask);
  }, []);
  const close = () => show(undefined);
  return (
    <>
      <p class="actions aids">
        <button type="button" onClick={() => show('blank')}>
          Print a blank roll
        </button>
        <button type="button" class="for-keys" aria-keyshortcuts="?" onClick={() => show('keys')}>
          Keys
        </button>
      </p>
      {shown === 'blank' && <Blank title={of.title} date={of.date} students={students} onPrinted={close} />}
      {shown === 'keys' && <Keys onClose={close} />}
    </>
  );
}

function Blank(options: Parameters<typeof import('./blank-roll')['default']>[0]) {
  const { value } = useLoaded('blank roll', () => import('./blank-roll'));
  return value ? <value.default {...options} /> : null;
}

function Keys(options: { onClose(): void }) {
  const { value } = useLoaded('keys', () => import('./keys-dialog'));
  return value ? <value.default {...options} /> : null;
}
