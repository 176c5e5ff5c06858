-- question:   How did the agreed figures move from week to week?
-- grain:      one row per figure and week in which something happened
-- reads:      mart.kpi_weeks
-- params:     date_from date (Monday), date_until date (exclusive), team varchar (null = all), segment varchar (null = all)
-- returns:    kpi varchar, week_start date, numerator double, denominator double, is_mature boolean
-- definition: Numerators and denominators added over teams and segments; rates are divided afterwards. A week without a
--             row counts zero. Campaign cost belongs to no team and no segment.
-- terms:      funnel.cohort_horizon_days
-- kpis:       new_leads, mqls, accepted_leads, lead_to_opportunity_rate, pipeline_created, win_rate,
--             won_revenue, marketing_cost
select
    kpi,
    week_start,
    sum(numerator)::double as numerator,
    sum(denominator)::double as denominator,
    bool_and(is_mature) as is_mature
from mart.kpi_weeks
where week_start >= $date_from and week_start < $date_until
  and ($team is null or team = $team) and ($segment is null or segment = $segment)
group by kpi, week_start
order by kpi, week_start
