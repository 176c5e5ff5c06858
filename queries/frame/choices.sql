-- question:   Which teams and segments can be chosen, and over which days do leads and deals reach?
-- grain:      one row
-- reads:      mart.stage_days, mart.deals
-- returns:    teams varchar[], segments varchar[], first_day date
-- definition: Every team and segment that owns at least one lead or deal.
with owners as (
    select team, segment, min(day) as first_day from mart.stage_days where stage = 'lead' group by team, segment
    union all
    select team, segment, min(created_at)::date as first_day from mart.deals group by team, segment
)
select
    list_sort(list_distinct(list(team) filter (team is not null))) as teams,
    list_sort(list_distinct(list(segment) filter (segment is not null))) as segments,
    min(first_day) as first_day
from owners
