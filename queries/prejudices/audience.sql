-- question:   Do leads fit the agreed target customer, and does sales accept them?
-- grain:      one row per fiscal quarter
-- reads:      mart.leads, mart.handovers
-- params:     date_from date, date_until date (exclusive), fiscal_months bigint (months the fiscal quarters lie after the calendar's)
-- returns:    quarter_start date, fitting bigint, fit_known bigint, accepted bigint, decided bigint
-- definition: Fitting: of the new leads of which it is known. Accepted: of the leads handed over on which sales has decided or
--             whose time to decide has passed; silence counts as accepted.
-- terms:      prejudices.wrong_audience_fit, prejudices.wrong_audience_accepted, target_customer, acceptance.deadline_minutes
with events as (
    select epoch_us(created_at) // 900000000 as quarter_hour, fits_target_customer as fits, null::boolean as is_accepted
    from mart.leads
    where cycle = 1 and fits_target_customer is not null
      and created_at >= $date_from::timestamptz and created_at < $date_until::timestamptz
    union all
    select epoch_us(handed_at) // 900000000, null, decision <> 'rejected'
    from mart.handovers
    where assigned_at is not null and decision in ('accepted', 'silent', 'rejected')
      and handed_at >= $date_from::timestamptz and handed_at < $date_until::timestamptz
), added as ( -- by quarters of an hour first: every zone's days begin on one, and a calendar costs much per row
    select
        make_timestamptz(quarter_hour * 900000000) as happened_at,
        count(*) filter (fits) as fitting, count(fits) as fit_known,
        count(*) filter (is_accepted) as accepted, count(is_accepted) as decided
    from events
    group by quarter_hour
)
select
    (date_trunc('quarter', happened_at - to_months($fiscal_months::integer)) + to_months($fiscal_months::integer))::date
        as quarter_start,
    sum(fitting)::bigint as fitting,
    sum(fit_known)::bigint as fit_known,
    sum(accepted)::bigint as accepted,
    sum(decided)::bigint as decided
from added
group by 1
order by 1
