-- question:   Which teams and segments can be chosen, and over which days do leads and deals reach?
-- grain:      one row
-- reads:      mart.leads, mart.deals
-- returns:    teams varchar[], segments varchar[], first_day date
-- definition: Every team and segment that owns at least one lead or deal.
with rows as (
    select team, segment, created_at from mart.leads
    union all
    select team, segment, created_at from mart.deals
)
select
    list_sort(list_distinct(list(team) filter (team is not null))) as teams,
    list_sort(list_distinct(list(segment) filter (segment is not null))) as segments,
    min(created_at)::date as first_day
from rows
