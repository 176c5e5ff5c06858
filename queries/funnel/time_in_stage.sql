-- question:   How many days do leads stay in a stage before they move on, leave, or are still waiting?
-- grain:      one row per stage, number of days and outcome
-- reads:      mart.stage_stays
-- params:     date_from date, date_until date (exclusive), team varchar (null = all), segment varchar (null = all),
--             customers varchar (new, existing, all or null = both)
-- returns:    stage varchar, days bigint, outcome varchar, leads bigint
-- definition: First cycles that entered the stage in the period; whole days of 24 hours until the next stage (advanced),
--             the closing (left) or today (waiting). Imputed stages and leads with a step before their creation take no
--             part. Medians come from the survival curve, those still waiting included.
-- terms:      funnel.minimum_at_risk
with counted as ( -- grouped by stage and outcome as the numbers they are stored as, named afterwards
    select stage, days, outcome, sum(timed)::bigint as leads
    from mart.stage_stays
    where entered_day >= $date_from and entered_day < $date_until and stage <> 'won' and timed > 0
      and ($team is null or team = $team) and ($segment is null or segment = $segment)
      and (coalesce($customers, 'all') = 'all' or customer_type = $customers)
    group by stage, days, outcome
)
select stage::varchar as stage, days::bigint as days, outcome::varchar as outcome, leads
from counted
order by 1, 2, 3
