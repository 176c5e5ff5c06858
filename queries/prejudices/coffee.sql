-- question:   Which meetings led to an opportunity?
-- grain:      one row per month and team
-- reads:      canonical.activities, canonical.employees, mart.deals
-- params:     date_from date, date_until date (exclusive), days bigint, as_of timestamp with time zone
-- returns:    month_start date, team varchar, meetings bigint, led bigint, people bigint
-- definition: Meetings held with companies that had no open deal then: a meeting during a deal serves that deal. Led: a deal
--             of the company was created within the days after it. Meetings younger than the days take no part. People:
--             colleagues who met; it decides which teams are large enough to be named.
-- terms:      prejudices.coffee_days, privacy.minimum_group_size
with meetings as (
    select occurred_at, employee_id, account_id
    from canonical.activities
    where kind = 'meeting' and coalesce(outcome, 'held') = 'held' and account_id is not null
      and occurred_at >= $date_from::timestamptz and occurred_at < $date_until::timestamptz
      and occurred_at + to_days($days::integer) <= $as_of
), opened as ( -- of the deals of a company up to each one: when the last of them was over
    select
        account_id, created_at,
        max(coalesce(won_at, lost_at, $as_of)) over (partition by account_id order by created_at) as all_over_at
    from mart.deals
), judged as (
    select meetings.occurred_at, meetings.employee_id, later.created_at as opportunity_at
    from meetings
    asof left join opened as earlier
        on earlier.account_id = meetings.account_id and meetings.occurred_at >= earlier.created_at
    asof left join opened as later
        on later.account_id = meetings.account_id and meetings.occurred_at < later.created_at
    where earlier.all_over_at is null or earlier.all_over_at <= meetings.occurred_at
)
select
    date_trunc('month', judged.occurred_at)::date as month_start,
    employees.team,
    count(*) as meetings,
    count(*) filter (judged.opportunity_at <= judged.occurred_at + to_days($days::integer)) as led,
    count(distinct judged.employee_id) as people
from judged
left join canonical.employees as employees on employees.employee_id = judged.employee_id
group by 1, employees.team
order by 1, employees.team
