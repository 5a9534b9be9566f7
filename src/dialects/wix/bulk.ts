import type { Call, Endpoint } from '../../http/endpoint';
import { ApplicationError } from './errors';
import { bulkReply, deleteResult, setResult } from './outcome';
import { removalOf, wishOf } from './wish';
import type { Setter } from './write';

interface SetBody {
  readonly attendanceDetails?: readonly { readonly attendance?: unknown }[] | null;
  readonly returnFullEntity?: boolean | null;
}

type SetCall = Call<object, object, SetBody>;
type DeleteCall = Call<object, object, { readonly attendanceIds: readonly string[] }>;

/** `bulkSet` and `bulkDelete`: what is wrong in itself fails the request, what does not fit the roster its own item. */
export function bulkEndpoints(service: string, set: Setter): Endpoint[] {
  const put: Endpoint<SetCall> = {
    method: 'POST',
    path: `${service}/set`,
    scope: 'attendance:write',
    schemas: { body: 'wix/bulk-set.body', reply: 'wix/bulk.reply' },
    async handle({ body: { attendanceDetails, returnFullEntity }, caller }) {
      if (!attendanceDetails?.length)
        throw new ApplicationError(
          'BODY_INVALID',
          'ATTENDANCES_MISSING_IN_REQUEST',
          'attendanceDetails is missing or empty.',
        );
      const changes = attendanceDetails.map(({ attendance }, index) =>
        wishOf(attendance, `attendanceDetails.${index}.attendance`),
      );
      const outcomes = await set(changes, caller);
      return bulkReply(outcomes.map((outcome, index) => setResult(outcome, index, returnFullEntity === true)));
    },
  };
  const remove: Endpoint<DeleteCall> = {
    method: 'POST',
    path: `${service}/delete`,
    scope: 'attendance:write',
    schemas: { body: 'wix/bulk-delete.body', reply: 'wix/bulk.reply' },
    async handle({ body: { attendanceIds }, caller }) {
      const outcomes = await set(
        attendanceIds.map((id, index) => removalOf(id, `attendanceIds.${index}`)),
        caller,
      );
      return bulkReply(outcomes.map((outcome, index) => deleteResult(outcome, index, attendanceIds[index]!)));
    },
  };
  return [put, remove];
}
