import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Signer } from '../../clients/signer';
import type { Condition } from '../../ledger/condition';
import type { Order, Place } from '../../ledger/query';
import { violation } from './errors';

/** A walk through attendances, and where it has come to: the start, where no place is said. */
export interface Walk {
  readonly condition: Condition;
  readonly order: readonly Order[];
  readonly after?: Place | undefined;
  readonly before?: Place | undefined;
}

export type Cursors = ReturnType<typeof cursorsBy>;

/** "Pointer to the next or previous page": it carries filter and order, and is good in its own district alone. */
export function cursorsBy(signer: Signer) {
  const purposeIn = (district: number) => `wix cursor in ${district}`;
  return {
    write: (district: number, walk: Walk): string =>
      signer.sign(purposeIn(district), deflateRawSync(JSON.stringify(walk))),

    read(district: number, cursor: string): Walk {
      const payload = signer.verify(purposeIn(district), cursor);
      if (payload) return JSON.parse(inflateRawSync(payload).toString());
      throw invalid('is not one that was handed out here');
    },
  };
}

export const invalid = (message: string) => violation('query.cursorPaging.cursor', message, 'INVALID_CURSOR');
