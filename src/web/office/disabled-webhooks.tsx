import type { DisabledWebhooks } from '../../../schemas/rollbook/webhooks';
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
      <p>Some systems are not told of attendance any more:</p>
      <ul>
        {value.webhooks.map((webhook) => (
          <li key={webhook.id}>{sentenceOf(webhook)}</li>
        ))}
      </ul>
      <p>Whoever runs rollbook can enable them again.</p>
    </div>
  );
}

const sentenceOf = ({ id, client, host, description, disabled_at, disabled_reason, last_error }: Disabled): string => {
  const what = description ? `${description} (${host})` : host;
  return `${what}, of ${client}, since ${shortDay(disabled_at.slice(0, 10))}: ${why[disabled_reason]} ${last_error} Webhook ${id}.`;
};

const why: Readonly<Record<Disabled['disabled_reason'], string>> = {
  gone: 'It said that it wants no more.',
  failing: 'It did not answer for five days.',
  restored: 'The database was restored.',
};
