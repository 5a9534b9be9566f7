import type { Grouping } from '../../../schemas/rollbook/reports';
import { t } from '../messages/messages';
import { may, onlySchool } from '../shared/session';
import { useTitle } from '../shared/title';
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
  useTitle(t('dashboard'));
  return (
    <>
      <header class="page-head">
        <h1>{t('dashboard')}</h1>
        <div class="pickers">
          <SchoolPicker />
        </div>
      </header>
      {may('roster:write') && <DisabledWebhooksNotice />}
      <TodayPicture school={school} />
      <fieldset class="pickers">
        <legend class="unseen">{t('dashboard.days')}</legend>
        <RangePicker />
        <label>
          {t('dashboard.by')}
          <select value={stepOf(by)} onChange={({ currentTarget }) => pick({ by: currentTarget.value })}>
            {steps.map((step) => (
              <option key={step} value={step} selected={step === stepOf(by)}>
                {t(`dashboard.by.${step}`)}
              </option>
            ))}
          </select>
        </label>
      </fieldset>
      <div class="pictures">
        <AbsencePicture title={t('dashboard.over-time')} by={stepOf(by)} span={span} />
        <AbsencePicture title={t('dashboard.by-weekday')} by="weekday" span={span} />
        {!school && onlySchool() === undefined && (
          <AbsencePicture title={t('dashboard.by-school')} by="school" span={span} />
        )}
        <ChronicShare span={span} />
      </div>
    </>
  );
}

const stepOf = (by: string | undefined): Grouping => steps.find((step) => step === by) ?? 'week';
