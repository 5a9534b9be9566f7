import { useState } from 'preact/hooks';
import type { ApiClient, ApiClientSecret, ApiClients } from '../../../../schemas/rollbook/api-clients';
import { t } from '../../messages/messages';
import { rich } from '../../messages/rich';
import { get, Refused } from '../../shared/api';
import { clock } from '../../shared/days';
import { ErrorNotice } from '../../shared/error-text';
import { Shown, useLoaded } from '../../shared/loaded';
import { session } from '../../shared/session';
import { Table } from '../table';
import { pathOf } from '../wire';
import { ClientForm } from './client-form';
import { ClientSecrets } from './client-secrets';
import { lastUse } from './last-use';
import { revokeClient, rotateClient } from './wire';

/** What is shown at once; a district has a few. */
const MOST = 200;

/** What was done: secrets to hand out, which are shown once, or a sentence. */
export interface ClientOutcome {
  readonly made?: ApiClientSecret;
  readonly said?: string;
  readonly error?: Error;
}

/** The programs that may call: the district's office makes, rotates and revokes their clients. Nobody else sees this. */
export function ClientsPart() {
  const path = pathOf('/access/clients', { limit: MOST });
  const loaded = useLoaded(path, () => get<ApiClients>(path));
  const [{ made, said = '', error }, setOutcome] = useState<ClientOutcome>({});
  if (loaded.error instanceof Refused && loaded.error.status === 403) return null;
  const done = (outcome: ClientOutcome) => {
    setOutcome(outcome);
    loaded.again();
  };
  return (
    <section aria-labelledby="clients-title" class="part people">
      <h2 id="clients-title">{t('clients')}</h2>
      <p class="quiet">{t('clients.what')}</p>
      <p role="status" class="news">
        {said}
      </p>
      <ErrorNotice error={error} sentence={(why) => rich('error.nothing-done', { why })} />
      {made && <ClientSecrets client={made} onClose={() => setOutcome({})} />}
      <Shown loaded={loaded}>
        {({ total, clients }) => (
          <>
            {total === 0 ? <p>{t('clients.none')}</p> : <ClientsTable clients={clients} onDone={done} />}
            {total > MOST && <p class="quiet">{t('clients.shown', { n: MOST, total })}</p>}
          </>
        )}
      </Shown>
      <ClientForm onDone={done} />
    </section>
  );
}

interface Options {
  readonly clients: readonly ApiClient[];
  onDone(outcome: ClientOutcome): void;
}

function ClientsTable({ clients, onDone }: Options) {
  return (
    <Table
      label={t('clients.table')}
      columns={[t('name'), t('clients.may'), t('clients.sees'), t('access.last-used'), t('access.to-do')]}
    >
      {clients.map((client) => (
        <tr key={client.id}>
          <th scope="row">{client.name}</th>
          <td>
            <code>{client.scopes.join(', ')}</code>
            {client.marks_only && <span class="quiet line">{t('clients.marks-only')}</span>}
          </td>
          <td>
            {client.person_id === null
              ? t('clients.sees-district')
              : t('clients.sees-person', { name: client.person || t('clients.somebody-gone') })}
          </td>
          <td>{lastUse(client.used_at)}</td>
          <td>
            {client.revoked_at ? (
              t('clients.revoked-at', { time: timeOf(client.revoked_at) })
            ) : (
              <Actions client={client} onDone={onDone} />
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Actions({ client, onDone }: Omit<Options, 'clients'> & { readonly client: ApiClient }) {
  const { id, name, previous_secret_until: until } = client;
  const run = (question: string, work: () => Promise<ClientOutcome>) => () => {
    if (!window.confirm(question)) return;
    work().then(onDone, (error: Error) => onDone({ error }));
  };
  const rotate = run(t('clients.rotate.confirm', { name }), async () => ({
    made: await rotateClient(id),
  }));
  const revoke = run(t('clients.revoke.confirm', { name }), async () => {
    await revokeClient(id);
    return { said: t('clients.revoked', { name }) };
  });
  return (
    <span class="actions">
      <button type="button" aria-label={t('clients.rotate-secret-of', { name })} onClick={rotate}>
        {t('clients.rotate')}
      </button>
      <button type="button" aria-label={t('clients.revoke-of', { name })} onClick={revoke}>
        {t('clients.revoke')}
      </button>
      {until && Date.parse(until) > Date.now() && (
        <span class="quiet line">{t('clients.old-until', { time: timeOf(until) })}</span>
      )}
    </span>
  );
}

/** An instant on the clock of the school. */
const timeOf = (instant: string): string => clock(instant, session.value!.district.time_zone);
