import type { SectionMonth } from '../../../schemas/rollbook/history';
import type { RollSummary } from '../../../schemas/rollbook/reports';
import { get, isPassing } from '../shared/api';
import { keeping, kept } from '../shared/cache';
import { monthOf, plusMonths } from '../shared/days';
import { early } from '../shared/early';
import { route } from '../shared/route';
import { keepStand, keptStand } from './device-outbox';
import type { Stand } from './marks';
import { rollKey } from './outbox';
import { loadStand } from './wire';

/** What a roll is taken on. */
export interface Sheet {
  readonly month: SectionMonth;
  readonly stand: Stand;
  readonly loadedAt: number;
}

/** So many months back a roster that is on the device is good for today. */
const MONTHS = 3;
/** Nothing is known of the roll: what the server has is read before anything is sent. */
const unknown: Stand = { etag: '', taken: false, marks: {} };

export async function loadSheet(section: number, date: string): Promise<Sheet> {
  const known = section === Number(opened) && date === day ? await first() : undefined;
  return known ?? askSheet(section, date);
}

async function askSheet(section: number, date: string): Promise<Sheet> {
  const loadedAt = Date.now();
  const [month, stand] = await Promise.all([rosterOf(section, monthOf(date)), standOf(section, date)]);
  return { month, stand, loadedAt };
}

/** Puts what the rolls of a day are taken on onto the device, one after the other, before the network is away. */
export async function keepSheets(rolls: readonly RollSummary[], date: string): Promise<void> {
  for (const { section_id: section } of rolls)
    if (!kept(monthPath(section, monthOf(date)))) await loadSheet(section, date);
}

export const monthPath = (section: number, month: string): string =>
  `/reports/sections/${section}/month?month=${month}`;

async function rosterOf(section: number, month: string): Promise<SectionMonth> {
  const path = monthPath(section, month);
  try {
    return await keeping(path, () => get<SectionMonth>(path));
  } catch (error) {
    const before = Array.from({ length: MONTHS }, (_, index) =>
      kept<SectionMonth>(monthPath(section, plusMonths(month, -1 - index))),
    );
    const found = isPassing(error) && before.find((known) => known !== undefined);
    if (found) return found;
    throw error;
  }
}

/** An answer that is late says less than what was saved meanwhile. */
async function standOf(section: number, date: string): Promise<Stand> {
  const [key, at] = [rollKey(section, date), Date.now()];
  try {
    const stand = await loadStand(section, date);
    keepStand(key, { stand, at });
    return stand;
  } catch (error) {
    if (isPassing(error)) return keptStand(key)?.stand ?? unknown;
    throw error;
  }
}

/** The roll that the address named when the page was opened. */
const [kind, opened, day = ''] = route.peek();
const isRoll = kind === 'sections' && /^\d/.test(day);
const first = early(async () => (isRoll ? askSheet(Number(opened), day) : undefined));
