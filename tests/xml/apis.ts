import { COMMENT, type Content } from './attack';

export const DAY = '2025-10-01';

/** An API that takes attendance in XML. */
export interface XmlApi {
  readonly name: string;
  readonly method: 'put' | 'post';
  path(ids: Ids): string;
  /** The XML below the root that marks Ada absent, every tag followed by `between`. */
  content(ids: Ids): Content;
}

export interface Ids {
  readonly section: number;
  /** Ada's. */
  readonly enrollment: number;
  readonly student: number;
  /** Of absence. */
  readonly code: number;
}

/** `<a><b>1</b></a>` of `{ a: { b: '1' } }`. */
const tagged = (value: object, between: string): string =>
  Object.entries(value)
    .map(([name, inner]) =>
      typeof inner === 'object'
        ? `<${name}>${between}${tagged(inner, between)}</${name}>${between}`
        : `<${name}>${inner}</${name}>${between}`,
    )
    .join('');

export const apis: readonly XmlApi[] = [
  {
    name: 'Schoology',
    method: 'put',
    path: ({ section }) => `/v1/sections/${section}/attendance`,
    content:
      ({ enrollment }) =>
      (comment = COMMENT, between = '') => {
        const attendance = { enrollment_id: enrollment, date: DAY, status: 2, comment };
        return tagged({ attendances: { attendance } }, between);
      },
  },
  {
    name: 'PowerSchool',
    method: 'post',
    path: () => '/ws/attendance/daily_time',
    content:
      ({ student, code }) =>
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
        return tagged({ record: { tables: { attendance } } }, between);
      },
  },
];
