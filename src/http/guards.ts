import { bodyReader } from './body';
import { doorBy } from './door';
import type { Limits } from './limits';
import { ratesBy, type Spending } from './rates';
import { rememberedAnswers } from './remembered';
import { roomFor } from './room';

export type Guards = ReturnType<typeof guardsBy>;

/** What holds requests to the limits; all dialects share them, since they share the process. */
export const guardsBy = (limits: Limits, spending?: Spending) => ({
  limits,
  door: doorBy(limits),
  rates: limits.rate && ratesBy(limits.rate, spending),
  withBody: bodyReader(limits),
  heavyReads: roomFor(limits.heavyReads, limits.waiting),
  streams: roomFor(limits.streams, limits.waiting),
  answers: rememberedAnswers(),
});
