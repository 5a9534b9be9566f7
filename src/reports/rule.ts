import type { Status } from '../ledger/attendance';

/** What was taken for a student on a day: how many rolls, and how many of them say so. */
export interface DayOfRolls {
  readonly rolls: number;
  readonly absent: number;
  readonly late: number;
  readonly excused: number;
}

/** What a day was for a student. */
export interface Day {
  readonly status: Status;
  /** Away in some of the rolls, but in less than half of them. */
  readonly partial: boolean;
}

/**
 * What a day was for a student: absent when absent or excused in at least half of the rolls taken for them; excused
 * where all of that was. Late is who was late in any of them and not absent.
 */
export function dayOf(rolls: DayOfRolls): Day {
  const away = rolls.absent + rolls.excused;
  return { status: statusOf(rolls), partial: away > 0 && 2 * away < rolls.rolls };
}

/** The status of such a day. */
function statusOf({ rolls, absent, late, excused }: DayOfRolls): Status {
  const away = absent + excused;
  if (away > 0 && 2 * away >= rolls) return absent > 0 ? 2 : 4;
  return late > 0 ? 3 : 1;
}
