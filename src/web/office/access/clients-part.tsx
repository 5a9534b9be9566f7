import { useState } from 'preact/hooks';
import type { ApiClient, ApiClientSecret, ApiClients } from '../../../../schemas/rollbook/api-clients';
import { get, Refused } from '../../shared/api';
import { clock } from '../../shared/days';
import { Shown, useLoaded } from '../../shared/loaded';
import { session } from '../../shared/session';
import { Table } from '../table';
import { pathOf } from '../wire';
import { ClientForm } from './client-form';
import { ClientSecrets } from './client-secrets';
import { revokeClient, rotateClient } from './wire';

/** What is shown at once; a district has a few. */
const MOST = 200;

/** What was done: secrets to hand out, which are shown once, or a sentence. */
export interface ClientOutcome {
  readonly made?: ApiClientSecret;
  readonly said?: string;
  readonly error?: string;
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
      <h2 id="clients-title">Programs that may call</h2>
      <p class="quiet">Each has an API client. To change what a program may do, make it another one and revoke this.</p>
      <p role="status" class="news">
        {said}
      </p>
      <div role="alert">{error && <p class="notice">{error}</p>}</div>
      {made && <ClientSecrets client={made} onClose={() => setOutcome({})} />}
      <Shown loaded={loaded}>
        {({ total, clients }) => (
          <>
            {total === 0 ? <p>There is none.</p> : <ClientsTable clients={clients} onDone={done} />}
            {total > MOST && (
              <p class="quiet">
                These are {MOST} of {total.toLocaleString()}.
              </p>
            )}
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
    <Table label="What each program may do" columns={['Name', 'May', 'Sees', 'Last used', 'What to do']}>
      {clients.map((client) => (
        <tr key={client.id}>
          <th scope="row">{client.name}</th>
          <td>
            {client.scopes.join(', ')}
            {client.marks_only && <span class="quiet line">single marks only: takes no rolls</span>}
          </td>
          <td>
            {client.person_id === null ? 'The district' : `What ${client.person || 'somebody who has left'} sees`}
          </td>
          <td>{client.used_at ? timeOf(client.used_at) : 'Not known'}</td>
          <td>
            {client.revoked_at ? `Revoked ${timeOf(client.revoked_at)}` : <Actions client={client} onDone={onDone} />}
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
    work().then(onDone, (refused: Error) => onDone({ error: `Nothing was done: ${refused.message}` }));
  };
  const rotate = run(`${name} gets a new secret and token. The old ones work for one more day. Go on?`, async () => ({
    made: await rotateClient(id),
  }));
  const revoke = run(`${name} is refused from now on. Nothing undoes that. Revoke it?`, async () => {
    await revokeClient(id);
    return { said: `${name} is revoked.` };
  });
  return (
    <span class="actions">
      <button type="button" aria-label={`Rotate the secret of ${name}`} onClick={rotate}>
        Rotate
      </button>
      <button type="button" aria-label={`Revoke ${name}`} onClick={revoke}>
        Revoke
      </button>
      {until && Date.parse(until) > Date.now() && <span class="quiet line">Old secret until {timeOf(until)}</span>}
    </span>
  );
}

/** An instant on the clock of the school. */
const timeOf = (instant: string): string => clock(instant, session.value!.district.time_zone);
