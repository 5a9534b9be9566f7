import type { DisabledWebhooks } from '../../../schemas/rollbook/webhooks';
import { t } from '../messages/messages';
import { rich } from '../messages/rich';
import { get } from '../shared/api';
import { shortDay } from '../shared/days';
import { useLoaded } from '../shared/loaded';

type Disabled = DisabledWebhooks['webhooks'][number];

/** Says which systems are told of attendance no more, though nobody has asked for that; nothing where all are. */
export function DisabledWebhooksNotice() {
  const { value } = useLoaded('disabled webhooks', () => get<DisabledWebhooks>('/webhooks/disabled'));
  if (!value?.webhooks.length) return null;
  return (
    <div class="notice" role="alert">
      <p>{t('webhooks.disabled')}</p>
      <ul>
        {value.webhooks.map((webhook) => (
          <li key={webhook.id}>{sentenceOf(webhook)}</li>
        ))}
      </ul>
      <p>{t('webhooks.enable')}</p>
    </div>
  );
}

const sentenceOf = ({ id, client, host, description, disabled_at, disabled_reason, last_error }: Disabled) => {
  const what = description ? `${description} (${host})` : host;
  return rich('webhooks.one', {
    what,
    client,
    day: shortDay(disabled_at.slice(0, 10)),
    why: t(`webhooks.why.${disabled_reason}`),
    error: <span lang="en">{last_error}</span>,
    id,
  });
};
