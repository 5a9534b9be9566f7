import type { Pass } from '../../../../schemas/rollbook/absences';
import { t } from '../../messages/messages';
import { dayNamed, session } from '../../shared/session';

/** A roll of paper of 80 mm, or a card. */
export type SlipSize = '80' | 'a6';

/** What a student shows in class, or at the door. It is there on paper alone. */
export function PassSlip({ pass, size, date }: { pass: Pass; size: SlipSize; date: string }) {
  const { name, student_number, grades, kind, time, comment } = pass;
  return (
    <section class={`slip slip-${size} alone`} aria-label={t('pass.of', { name })}>
      <h2>{t(kind === 'late_arrival' ? 'pass.late-arrival' : 'pass.early-dismissal')}</h2>
      <p class="slip-name">{name}</p>
      <p>{[student_number, grades && t('in-grade', { grades })].filter(Boolean).join(' · ')}</p>
      <p>
        {dayNamed(date)}, <strong>{time}</strong>
      </p>
      {comment && <p>{comment}</p>}
      <p class="slip-by">
        {session.value!.district.name} · {pass.by}
      </p>
    </section>
  );
}
