-- question:   Which meetings led to an opportunity?
-- grain:      one row per month and team
-- reads:      canonical.activities, canonical.leads, canonical.people, canonical.employees, mart.deals
-- params:     date_from date, date_until date (exclusive), days bigint, as_of timestamp with time zone
-- returns:    month_start date, team varchar, meetings bigint, led bigint, people bigint
-- definition: Meetings held with companies that had no open deal then: a meeting during a deal serves that deal. Led: a deal
--             of the company was created within the days after it. Meetings younger than the days take no part. People:
--             colleagues who met; it decides which teams are large enough to be named.
-- terms:      prejudices.coffee_days, privacy.minimum_group_size
with meetings as (
    select
        activities.activity_id, activities.occurred_at, activities.employee_id, employees.team,
        coalesce(activities.account_id, leads.account_id, people.account_id) as account_id
    from canonical.activities as activities
    left join canonical.leads as leads on leads.lead_id = activities.lead_id
    left join canonical.people as people on people.person_id = activities.person_id
    left join canonical.employees as employees on employees.employee_id = activities.employee_id
    where activities.kind = 'meeting' and coalesce(activities.outcome, 'held') = 'held'
      and activities.occurred_at >= $date_from::timestamptz and activities.occurred_at < $date_until::timestamptz
      and activities.occurred_at + to_days($days::integer) <= $as_of
), judged as (
    select
        meetings.occurred_at, meetings.employee_id, meetings.team,
        coalesce(bool_or(
            deals.created_at > meetings.occurred_at
            and deals.created_at <= meetings.occurred_at + to_days($days::integer)
        ), false) as is_led,
        coalesce(bool_or(
            deals.created_at <= meetings.occurred_at
            and coalesce(deals.won_at, deals.lost_at, $as_of) > meetings.occurred_at
        ), false) as is_within_a_deal
    from meetings
    left join mart.deals as deals on deals.account_id = meetings.account_id
    where meetings.account_id is not null
    group by meetings.activity_id, meetings.occurred_at, meetings.employee_id, meetings.team
)
select
    date_trunc('month', occurred_at)::date as month_start,
    team,
    count(*) as meetings,
    count(*) filter (is_led) as led,
    count(distinct employee_id) as people
from judged
where not is_within_a_deal
group by 1, team
order by 1, team
