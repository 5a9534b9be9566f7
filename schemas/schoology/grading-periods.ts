import { Type } from '@sinclair/typebox';
import { closed, oneOf, parameterOrEmpty, type TypeOf } from '../types';
import { at, linksTo, pageLinks, paging, switchParameter, text } from './parts';

export const GradingPeriodsQuery = Type.Object(
  {
    ...paging,
    limit: parameterOrEmpty('How many a page has, 200 at most; without it the answer has up to 1,000.', '50'),
    title: parameterOrEmpty('Only those that are called so.', 'Fall'),
    startswith: switchParameter('1: also those whose title only begins with `title`.'),
  },
  {
    title: 'GradingPeriodsQuery',
    description:
      'Which grading periods. An empty value is an absent one; parameters that are not documented are ignored.',
    examples: [{ title: 'Fall', startswith: '1' }],
  },
);

const days = {
  start: Type.String({ format: 'date', description: 'The first day.', examples: ['2026-08-17'] }),
  end: Type.String({ format: 'date', description: 'The end, as the SIS says it.', examples: ['2027-01-16'] }),
};

export const GradingPeriodReply = closed(
  {
    id: Type.Integer({ description: 'The id of the grading period.', examples: [2] }),
    title: text('What it is called.', 'Fall'),
    ...days,
    active: oneOf(['0', '1'], { description: '1: today is in it.', examples: ['1'] }),
    links: linksTo('gradingperiods/2'),
  },
  {
    title: 'GradingPeriod',
    description: 'A term, or another session of the SIS, that sections are in.',
    examples: [
      {
        id: 2,
        title: 'Fall',
        start: '2026-08-17',
        end: '2027-01-16',
        active: '1',
        links: at('gradingperiods/2'),
      },
    ],
  },
);
export type GradingPeriod = TypeOf<typeof GradingPeriodReply>;

export const GradingPeriodsReply = closed(
  {
    total: Type.Integer({ minimum: 0, description: 'How many there are on all pages together.', examples: [1] }),
    gradingperiods: Type.Array(GradingPeriodReply),
    links: pageLinks('gradingperiods?start=0&limit=1000', 'gradingperiods?start=1000&limit=1000'),
  },
  {
    title: 'GradingPeriods',
    description: 'Grading periods, by their ids.',
    examples: [
      { total: 1, gradingperiods: GradingPeriodReply.examples, links: at('gradingperiods?start=0&limit=1000') },
    ],
  },
);

/** Schoology writes these days with a time: "2013-09-01 00:00:00". */
const midnight = (description: string, example: string) =>
  Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d 00:00:00$', description, examples: [example] });

const SectionGradingPeriod = closed(
  {
    id: Type.Integer({ description: 'The id of the grading period.', examples: [2] }),
    title: text('What it is called.', 'Fall'),
    weight: Type.Integer({
      minimum: 0,
      maximum: 100,
      description: 'An equal share of 100, since rollbook knows of no other.',
      examples: [100],
    }),
    start: midnight('The first day.', '2026-08-17 00:00:00'),
    end: midnight('The end, as the SIS says it.', '2027-01-16 00:00:00'),
  },
  {
    title: 'GradingPeriodOfSection',
    description: 'A grading period that a section is in.',
    examples: [{ id: 2, title: 'Fall', weight: 100, start: '2026-08-17 00:00:00', end: '2027-01-16 00:00:00' }],
  },
);
export type SectionGradingPeriod = TypeOf<typeof SectionGradingPeriod>;

export const SectionGradingPeriodsReply = closed(
  { grading_period: Type.Array(SectionGradingPeriod), links: linksTo('sections/4/grading_periods') },
  {
    title: 'GradingPeriodsOfSection',
    description: 'All grading periods that a section is in, by their ids.',
    examples: [{ grading_period: SectionGradingPeriod.examples, links: at('sections/4/grading_periods') }],
  },
);
