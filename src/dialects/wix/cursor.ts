import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Signer } from '../../clients/signer';
import type { Call } from '../../http/endpoint';
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

/** Who is handed a cursor, or brings one. */
type CursorCall = Pick<Call, 'caller' | 'epoch'>;

export type Cursors = ReturnType<typeof cursorsBy>;

/**
 * "Pointer to the next or previous page": it carries filter and order, and is good in its own district alone, and in
 * its own database, since a place in a restored one may have other rows before it.
 */
export function cursorsBy(signer: Signer) {
  const purposeOf = ({ epoch, caller }: CursorCall) => `wix cursor in ${caller.district} of ${epoch}`;
  return {
    write: (call: CursorCall, walk: Walk): string => signer.sign(purposeOf(call), deflateRawSync(JSON.stringify(walk))),

    read(call: CursorCall, cursor: string): Walk {
      const payload = signer.verify(purposeOf(call), cursor);
      if (payload) return JSON.parse(inflateRawSync(payload).toString());
      throw invalid('is not one that was handed out here');
    },
  };
}

export const invalid = (message: string) => violation('query.cursorPaging.cursor', message, 'INVALID_CURSOR');
