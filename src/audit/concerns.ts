import { FIRST_DAY, LAST_DAY } from '../days';
import { enrolledWithin } from '../roster/enrolled';

/**
 * SQL that is true of reads, called `held`, in which records of the `:person` of the `:district` were, or may have been. A
 * read of a section has whoever was in it on the days of which it is.
 */
export const concerns = `(held.subject_id = :person
  or (held.subject_id is null and held.section_id is not null
    and exists (select 1 from enrollments as been
      where been.section_id = held.section_id and +been.district_id = :district and been.person_id = :person
        and ${enrolledWithin('been', `coalesce(held.from_date, '${FIRST_DAY}')`, `coalesce(held.to_date, '${LAST_DAY}')`)}))
  or (held.subject_id is null and held.section_id is null
    and (held.school_id is null
      or exists (select 1 from people
        where people.id = :person and people.district_id = :district and people.school_id = held.school_id)
      or exists (select 1 from enrollments as been
        join sections on sections.district_id = been.district_id and sections.id = been.section_id
        where been.person_id = :person and +been.district_id = :district and sections.school_id = held.school_id))))`;
