-- question:   How many people's work stands behind a figure?
-- grain:      one row per owner, team, segment, source and kind of lead
-- reads:      mart.handovers
-- params:     date_from date, date_until date (exclusive; both null = whenever)
-- returns:    owner_id varchar, team varchar, segment varchar, source varchar, lead_type varchar
-- definition: Owners with handovers whose answer was due in the period. Never shown: it decides which groups are large enough to be shown.
-- terms:      privacy.minimum_group_size
select distinct owner_id, team, segment, source, lead_type
from mart.handovers
where owner_id is not null
  and ($date_from is null or coalesce(due_at, handed_at) >= $date_from::timestamptz)
  and ($date_until is null or coalesce(due_at, handed_at) < $date_until::timestamptz)
