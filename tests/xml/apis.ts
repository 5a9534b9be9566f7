import { COMMENT, type Content } from './attack';

export const DAY = '2025-10-01';

/** An API that takes attendance in XML. */
export interface XmlApi {
  readonly name: string;
  readonly method: 'put' | 'post';
  path(ids: Ids): string;
  /** The XML below the root that marks Ada absent, so many times, every tag followed by `between`. */
  content(ids: Ids, items?: number): Content;
}

export interface Ids {
  readonly section: number;
  /** Ada's. */
  readonly enrollment: number;
  readonly student: number;
  /** Of absence. */
  readonly code: number;
}

/** `<a><b>1</b><b>2</b></a>` of `{ a: { b: ['1', '2'] } }`. */
const tagged = (value: unknown, between: string): string =>
  typeof value === 'object'
    ? between +
      Object.entries(value!)
        .map(([name, inner]) => elements(name, [inner].flat(), between))
        .join('')
    : String(value);

const elements = (name: string, values: readonly unknown[], between: string): string =>
  values.map((value) => `<${name}>${tagged(value, between)}</${name}>${between}`).join('');

export const apis: readonly XmlApi[] = [
  {
    name: 'Schoology',
    method: 'put',
    path: ({ section }) => `/v1/sections/${section}/attendance`,
    content:
      ({ enrollment }, items = 1) =>
      (comment = COMMENT, between = '') => {
        const attendance = { enrollment_id: enrollment, date: DAY, status: 2, comment };
        return tagged({ attendances: { attendance: Array(items).fill(attendance) } }, between);
      },
  },
  {
    name: 'PowerSchool',
    method: 'post',
    path: () => '/ws/attendance/daily_time',
    content:
      ({ student, code }, items = 1) =>
      (comment = COMMENT, between = '') => {
        const attendance = {
          att_mode_code: 'ATT_ModeDaily',
          att_date: DAY,
          schoolid: 200,
          yearid: 35,
          studentid: student,
          attendance_codeid: code,
          att_comment: comment,
        };
        return tagged({ record: Array(items).fill({ tables: { attendance } }) }, between);
      },
  },
];
