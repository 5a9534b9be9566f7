import { clientHoldings } from '../clients/holdings';
import { dialectHoldings } from '../dialects/kept';
import { ledgerHoldings } from '../ledger/holdings';
import { reportHoldings } from '../reports/holdings';
import { rosterHoldings } from '../roster/holdings';

/** All that is held of a person, in the order in which it is exported. */
export const holdings = [
  ...rosterHoldings,
  ...ledgerHoldings,
  ...reportHoldings,
  ...dialectHoldings,
  ...clientHoldings,
];

/** The tables whose rows belong to school days, and how those are found. */
export const daily = holdings
  .flatMap(({ table, daily }) => (daily ? [{ table, daily }] : []))
  .filter(({ table }, index, all) => all.findIndex((other) => other.table === table) === index);
