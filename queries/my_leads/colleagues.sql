-- question:   Who else of this lead's company was active lately?
-- grain:      one row per person, the most recently active 20
-- reads:      canonical.leads, canonical.people, canonical.touches
-- params:     lead varchar, date_from date
-- returns:    person varchar, title varchar, touches bigint, last_at timestamp with time zone
-- definition: People of the same company with at least one interaction since the day; machines are left out.
with asked as (select account_id, person_id from canonical.leads where lead_id = $lead),
active as (
    select person_id, count(*) as touches, max(occurred_at) as last_at
    from canonical.touches
    where account_id = (select account_id from asked) and occurred_at >= $date_from::timestamptz
      and not coalesce(is_bot, false) and person_id is distinct from (select person_id from asked)
    group by person_id
)
select people.name as person, people.title, active.touches, active.last_at
from active
join canonical.people as people on people.person_id = active.person_id
order by active.last_at desc, people.person_id
limit 20
