import type { Response } from 'supertest';
import type { School as Small } from '../../apis/powerschool/school';
import type { Announcements } from './announcements';
import type { Ledger } from './ledger';
import type { Records } from './records';

/** The small school, with the token of a client that was made for single marks. */
export interface School extends Small {
  readonly marksOnly: string;
}

/** What the commands change: the ledger, and what the APIs keep beside it, by seat and day. */
export interface Model {
  readonly ledger: Ledger;
  /** What a SIS posted. */
  readonly records: Records;
  /** What was announced through OSDI. */
  readonly announcements: Announcements;
  /** Numbers of attendees that are not 1. */
  readonly attendees: Map<string, number>;
}

/** One write through one API: what it does to the model and what is to be answered, and how it is sent. */
export interface Command {
  send(school: School, model: Model): Promise<Response>;
  /** Does it to the model, and says what is to be answered in the words of `told`. */
  expected(model: Model): unknown;
  /** What an answer says. */
  told(answer: Response): unknown;
  /** Learns what only the answer says. */
  learn?(answer: Response, model: Model): void;
}
