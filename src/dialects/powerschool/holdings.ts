import { erasedText, type Holding, ofEnrollments, usual } from '../../holding';

const { id, district_id, section_id, enrollment_id, date } = usual;

/** The parts of days. */
export const powerschoolHoldings: readonly Holding[] = [
  {
    name: 'powerschool_attendance',
    table: 'powerschool_attendance',
    where: ofEnrollments,
    daily: 'section',
    key: ['id'],
    columns: {
      id,
      district_id,
      section_id,
      date,
      enrollment_id,
      part: 'which part of the day',
      mode: 'Daily, Time, Meeting or Interval',
      code_id: "the school's attendance code",
      status: '1 present, 2 absent, 3 late, 4 excused',
      comment: 'what was said of it',
      period: 'the period, as posted',
      program: 'the program, as posted',
      calendar_day: 'the calendar day, as posted',
      att_interval: 'number of the interval',
      start_time: 'seconds since midnight',
      end_time: 'seconds since midnight',
      total_minutes: 'minutes',
    },
    erasure: { comment: erasedText('comment') },
  },
];
