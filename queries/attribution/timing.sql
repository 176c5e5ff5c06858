-- question:   How long and how many touches does a won deal take?
-- grain:      one row
-- reads:      mart.journeys, mart.deals
-- params:     date_from date, date_until date (exclusive), team varchar (null = all), segment varchar (null = all)
-- returns:    won bigint, median_days double, late_days double (nine of ten are won by then), median_touches double
-- definition: Days from the first eligible touch to winning and number of eligible touches of the deals won in the period;
--             deals without any touch are left out.
select
    count(*) as won,
    median((epoch(journeys.closed_at) - epoch(journeys.opened_at)) / 86400) as median_days,
    quantile_cont((epoch(journeys.closed_at) - epoch(journeys.opened_at)) / 86400, 0.9) as late_days,
    median(journeys.touch_count)::double as median_touches
from mart.journeys
join mart.deals on deals.deal_id = journeys.deal_id
where journeys.outcome = 'won' and journeys.touch_count > 0
  and journeys.closed_at >= $date_from::timestamptz and journeys.closed_at < $date_until::timestamptz
  and ($team is null or deals.team = $team) and ($segment is null or deals.segment = $segment)
