-- question:   Which segments stand behind a figure in the judged week, and in the weeks before?
-- grain:      one row per figure, segment and side
-- reads:      mart.kpi_weeks
-- params:     date_from date (Monday), week date (Monday of the judged week), date_until date (exclusive)
-- returns:    kpi varchar, segment varchar, is_after boolean, numerator double, denominator double
-- definition: Numerators and denominators of the judged week, and of all weeks before it together.
-- kpis:       lead_to_opportunity_rate, pipeline_created, win_rate, won_revenue, follow_up_attainment
select
    kpi, segment, week_start = $week as is_after,
    coalesce(sum(numerator), 0)::double as numerator,
    coalesce(sum(denominator), 0)::double as denominator
from mart.kpi_weeks
where week_start >= $date_from and week_start < $date_until
group by kpi, segment, is_after
order by kpi, segment, is_after
