import { type Holding, ofEnrollments, usual } from '../../holding';

const { district_id, enrollment_id, date } = usual;

export const wixHoldings: readonly Holding[] = [
  {
    name: 'wix_attendances',
    table: 'wix_attendances',
    where: ofEnrollments,
    daily: 'enrollment',
    key: ['enrollment_id', 'date'],
    columns: { district_id, enrollment_id, date, number_of_attendees: 'how many came along, the person included' },
  },
];
