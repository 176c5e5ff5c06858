-- question:   How many leads did sales decide on, and how many of them did it accept?
-- grain:      one row per segment and side
-- reads:      mart.leads
-- params:     date_from date (Monday), week date (Monday of the judged week), date_until date (exclusive)
-- returns:    segment varchar, is_after boolean, decided bigint, accepted bigint
-- definition: First cycles. Accepted in the week, or disqualified in it without ever being accepted; the judged week
--             beside all weeks before it together.
-- terms:      stages.sal
-- kpis:       accepted_leads
select
    segment, coalesce(sal_at, disqualified_at) >= $week::timestamptz as is_after,
    count(*) as decided, count(sal_at) as accepted
from mart.leads
where cycle = 1
  and coalesce(sal_at, disqualified_at) >= $date_from::timestamptz
  and coalesce(sal_at, disqualified_at) < $date_until::timestamptz
group by segment, is_after
order by segment, is_after
