import type { Signer } from '../clients/signer';
import type { Database } from '../database/database';
import type { Format } from '../webhooks/messages';
import { rollbookEvents } from './rollbook/events';
import { schoologyEvents } from './schoology/events';

/** How APIs tell of changes: each that has words for it. */
export const formatsOn = (database: Database, signer: Signer): Format[] => [
  rollbookEvents(database, signer),
  schoologyEvents(database),
];
