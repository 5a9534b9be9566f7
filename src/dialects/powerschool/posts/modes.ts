/** The ways PowerSchool takes attendance. */
export const modes = ['ATT_ModeDaily', 'ATT_ModeTime', 'ATT_ModeMeeting', 'ATT_ModeInterval'] as const;
export type Mode = (typeof modes)[number];

/** One of the addresses that attendance is posted to. */
export interface Post {
  readonly path: string;
  readonly modes: readonly Mode[];
  readonly columns: readonly string[];
  readonly atMost: number;
  /** Whether all records are to be of one student and one day. */
  readonly oneDay?: boolean;
}

const common = ['studentid', 'att_date', 'schoolid', 'yearid', 'att_mode_code', 'attendance_codeid'];
const optional = ['calendar_dayid', 'att_comment', 'programid'];
const dailyTime = {
  modes: ['ATT_ModeDaily', 'ATT_ModeTime'],
  columns: [...common, ...optional, 'total_minutes', 'dcid'],
} as const;

export const posts: readonly Post[] = [
  { path: '/attendance/batch_daily_time', ...dailyTime, atMost: 200 },
  { path: '/attendance/daily_time', ...dailyTime, atMost: 1 },
  {
    path: '/attendance/meeting_interval',
    modes: ['ATT_ModeMeeting', 'ATT_ModeInterval'],
    columns: [...common, ...optional, 'ccid', 'periodid', 'att_interval', 'start_time', 'end_time'],
    atMost: 1_000,
    oneDay: true,
  },
];

const required: Record<Mode, readonly string[]> = {
  ATT_ModeDaily: common,
  ATT_ModeTime: common,
  ATT_ModeMeeting: [...common, 'start_time', 'end_time'],
  ATT_ModeInterval: [...common, 'att_interval'],
};

/** The columns that a record must have; without a mode, those of every mode. */
export const requiredIn = (mode: Mode | undefined): readonly string[] => (mode ? required[mode] : common);
