-- question:   Does sales answer in time, and try as often as agreed?
-- grain:      one row per fiscal quarter
-- reads:      mart.handovers
-- params:     date_from date, date_until date (exclusive), fiscal_months bigint (months the fiscal quarters lie after the calendar's)
-- returns:    quarter_start date, met bigint, due bigint, kept bigint, judged bigint
-- definition: Met: of the answers that were due in the quarter. Kept: of the leads assigned in the quarter whose days for the
--             agreed attempts are over, those tried as often as agreed, or reached or decided before.
-- terms:      prejudices.strategy_attainment, prejudices.strategy_attempts_share, response.minutes, response.attempts
-- kpis:       follow_up_attainment
with events as (
    select epoch_us(due_at) // 900000000 as quarter_hour, status = 'met' as is_met, null::boolean as is_kept
    from mart.handovers
    where not is_date_only and status in ('met', 'breached')
      and due_at >= $date_from::timestamptz and due_at < $date_until::timestamptz
    union all
    select epoch_us(assigned_at) // 900000000, null, is_attempts_kept
    from mart.handovers
    where is_attempts_kept is not null
      and assigned_at >= $date_from::timestamptz and assigned_at < $date_until::timestamptz
), added as ( -- by quarters of an hour first: every zone's days begin on one, and a calendar costs much per row
    select
        make_timestamptz(quarter_hour * 900000000) as happened_at,
        count(*) filter (is_met) as met, count(is_met) as due,
        count(*) filter (is_kept) as kept, count(is_kept) as judged
    from events
    group by quarter_hour
)
select
    (date_trunc('quarter', happened_at - to_months($fiscal_months::integer)) + to_months($fiscal_months::integer))::date
        as quarter_start,
    sum(met)::bigint as met,
    sum(due)::bigint as due,
    sum(kept)::bigint as kept,
    sum(judged)::bigint as judged
from added
group by 1
order by 1
