import type { Signer } from '../clients/signer';
import { Problem } from '../lib/problem';
import { type Expired, isBefore, type Position } from './position';

/** Which changes are followed; all of them, where nothing is said. */
export interface Filter {
  readonly section: number | null;
  readonly school: number | null;
}

/** Where somebody is who follows the changes of a district. */
export interface Cursor extends Filter {
  readonly place: Position;
  /** How often changes had been taken away when it was handed out: of those it says nothing. */
  readonly times: number;
}

/** Of whom a cursor is, and in which database. */
export interface CursorOf {
  readonly district: number;
  readonly epoch: string;
}

type Payload = readonly [
  epoch: string,
  transaction: string,
  id: number,
  times: number,
  section: number | null,
  school: number | null,
];

/** Cursors are signed: what clients bring back is what they were handed, of their own district. */
export function cursorsBy(signer: Signer) {
  const purposeOf = ({ district }: CursorOf) => `changes of ${district}`;
  return {
    write(of: CursorOf, { place, times, section, school }: Cursor): string {
      const payload: Payload = [of.epoch, place.transaction, place.id, times, section, school];
      return signer.sign(purposeOf(of), Buffer.from(JSON.stringify(payload)));
    },

    /** Throws CURSOR_EXPIRED where the database was restored since; undefined where it is none of the district's. */
    read(of: CursorOf, text: string): Cursor | undefined {
      const signed = signer.verify(purposeOf(of), text);
      if (!signed) return undefined;
      const [epoch, transaction, id, times, section, school] = JSON.parse(signed.toString()) as Payload;
      if (epoch !== of.epoch)
        throw expired('This cursor is of another database, or of this one before it was restored.');
      return { place: { transaction, id }, times, section, school };
    },
  };
}

export type Cursors = ReturnType<typeof cursorsBy>;

/** Throws CURSOR_EXPIRED where changes after the cursor were taken away since it was handed out. */
export function checkExpired({ place, times }: Cursor, gone: Expired | undefined): void {
  if (gone && gone.times > times && isBefore(place, gone.place))
    throw expired('Changes of the district after this cursor were erased, or taken off, with their school year.');
}

const expired = (why: string): Problem =>
  new Problem(
    'CURSOR_EXPIRED',
    `${why} Read everything again, as by GET /marks, and go on after the cursor that comes with it; or begin with after=start.`,
  );
