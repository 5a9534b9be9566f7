import { Status } from '../ledger/attendance';

/** What a day was for a student. */
export interface Day {
  readonly status: Status;
  /** Away in some of the classes of the day, but in less than half of them. */
  readonly partial: boolean;
}

/** What is known of a student in the classes of a day. */
export class DayTally {
  private told = 0;
  private away = 0;
  private absent = 0;
  private late = 0;
  private unsaid = 0;
  private awayFromHomeroom = false;

  /** A class in which the student's status is known: a mark, a presence that was told, or present on a taken roll. */
  add(status: Status, isHomeroom: boolean): void {
    this.told++;
    if (status === Status.absent) this.absent++;
    if (status === Status.late) this.late++;
    if (status !== Status.absent && status !== Status.excused) return;
    this.away++;
    if (isHomeroom) this.awayFromHomeroom = true;
  }

  /** A class of whose student nobody said anything, in a school where that means present. */
  assume(): void {
    this.unsaid++;
  }

  /**
   * What the day was: absent when absent or excused in at least half of the classes in which the status is known; excused
   * where all of that was. Late is who was late in any of them and not absent. Undefined where nothing is known.
   *
   * Where those who are not marked count as present, the classes in which they are not marked are added. Not so for who is
   * away from homeroom: a SIS that posts one record a day posts it there, and means the whole day.
   */
  day(): Day | undefined {
    const classes = this.told + (this.awayFromHomeroom ? 0 : this.unsaid);
    if (classes === 0) return undefined;
    if (this.away > 0 && 2 * this.away >= classes)
      return { status: this.absent > 0 ? Status.absent : Status.excused, partial: false };
    return { status: this.late > 0 ? Status.late : Status.present, partial: this.away > 0 };
  }
}
