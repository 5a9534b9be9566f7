import type { Grouping } from '../../../schemas/rollbook/reports';
import { may, onlySchool } from '../shared/session';
import { AbsencePicture } from './absence-picture';
import { ChronicShare } from './chronic-share';
import { DisabledWebhooksNotice } from './disabled-webhooks';
import { RangePicker, SchoolPicker } from './pickers';
import { pick, picks, spanOf } from './picks';
import { TodayPicture } from './today-picture';

const steps = ['day', 'week', 'month'] as const;

/** How the district is doing today, and has been since the year began. */
export function DashboardPage() {
  const { school, by } = picks();
  const span = spanOf(picks());
  return (
    <>
      <header class="page-head">
        <h1>Dashboard</h1>
        <div class="pickers">
          <SchoolPicker />
        </div>
      </header>
      {may('roster:write') && <DisabledWebhooksNotice />}
      <TodayPicture school={school} />
      <fieldset class="pickers">
        <legend class="unseen">Days of the reports</legend>
        <RangePicker />
        <label>
          By
          <select value={stepOf(by)} onChange={({ currentTarget }) => pick({ by: currentTarget.value })}>
            {steps.map((step) => (
              <option key={step} value={step} selected={step === stepOf(by)}>
                {step}
              </option>
            ))}
          </select>
        </label>
      </fieldset>
      <div class="pictures">
        <AbsencePicture title="Absence over time" by={stepOf(by)} span={span} />
        <AbsencePicture title="Absence by weekday" by="weekday" span={span} />
        {!school && onlySchool() === undefined && <AbsencePicture title="Absence by school" by="school" span={span} />}
        <ChronicShare span={span} />
      </div>
    </>
  );
}

const stepOf = (by: string | undefined): Grouping => steps.find((step) => step === by) ?? 'week';
