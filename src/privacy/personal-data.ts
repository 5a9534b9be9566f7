/*
 * `src/privacy/`: What is held of a person: exporting it, erasing it, making one person of two, and erasing school years.
 * Each folder that stores something says in its `tables.ts` what of it is personal.
 */
import { absencePersonalData } from '../absences/tables';
import { apiPersonalData } from '../apis/tables';
import { auditPersonalData } from '../audit/tables';
import { clientPersonalData } from '../clients/tables';
import { ledgerPersonalData } from '../ledger/tables';
import { reminderPersonalData } from '../reminders/tables';
import { reportPersonalData } from '../reports/tables';
import { rosterPersonalData } from '../roster/tables';
import { webhookPersonalData } from '../webhooks/tables';

/** All that is held of a person, in the order in which it is exported. */
export const personalData = [
  ...rosterPersonalData,
  ...ledgerPersonalData,
  ...absencePersonalData,
  ...reminderPersonalData,
  ...reportPersonalData,
  ...apiPersonalData,
  ...webhookPersonalData,
  ...clientPersonalData,
  ...auditPersonalData,
];

/** The tables whose rows belong to school days, and how those are found. */
export const daily = personalData
  .flatMap(({ table, daily }) => (daily ? [{ table, daily }] : []))
  .filter(({ table }, index, all) => all.findIndex((other) => other.table === table) === index);

/** The tables in which something is kept of enrollments on days, beside the ledger. */
export const extensionTables: readonly string[] = daily.flatMap(({ table, daily }) =>
  daily === 'enrollment' ? [table] : [],
);
