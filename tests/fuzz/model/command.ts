import type { Response } from 'supertest';
import type { School } from '../../dialects/powerschool/school';
import type { Ledger } from './ledger';
import type { Parts } from './parts';

/** What the commands change: the ledger, and beside it the parts that a SIS posted, by seat and day. */
export interface Model {
  readonly ledger: Ledger;
  readonly parts: Map<string, Parts>;
}

/** What an answer says: its status, and where it answers item by item, which of them went in. */
export interface Told {
  readonly status: number;
  readonly items?: readonly boolean[];
}

/** One write through one API: what it does to the model and what is to be answered, and how it is sent. */
export interface Command {
  expected(model: Model): Told;
  send(school: School): Promise<Response>;
  told(answer: Response): Told;
}
