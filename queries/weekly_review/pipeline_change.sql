-- question:   Which deals changed the open pipeline between the ends of two weeks?
-- grain:      one row per deal that changed, and one without a deal for all that did not
-- reads:      mart.pipeline_weeks
-- params:     week_before date (Monday), week date (Monday, later)
-- returns:    deal_id varchar (null = all unchanged deals together), deals bigint, stage_before varchar (null = there
--             was no deal yet), stage varchar, is_open_before boolean, is_open boolean, amount_before double,
--             amount double, expected_before date, expected date
-- definition: State at the end of both weeks. A deal that was won or lost and lives again counts as closed before.
-- kpis:       coverage, pipeline_created
with states as (
    select
        deal_id,
        arg_max(week_start, week_start) as last_week,
        max(stage) filter (week_start = $week_before) as stage_before,
        bool_or(is_open and stage not in ('won', 'lost')) filter (week_start = $week_before) as is_open_before,
        max(amount) filter (week_start = $week_before)::double as amount_before,
        max(expected_close_date) filter (week_start = $week_before) as expected_before,
        arg_max(stage, week_start) as stage,
        arg_max(is_open and stage not in ('won', 'lost'), week_start) as is_open,
        arg_max(coalesce(amount, 0), week_start)::double as amount,
        arg_max(coalesce(expected_close_date, date '9999-12-31'), week_start) as expected
    from mart.pipeline_weeks
    where week_start >= $week_before and week_start <= $week
    group by deal_id
),
told as (
    select
        *,
        is_open_before and is_open and amount_before is not distinct from amount
            and coalesce(expected_before, date '9999-12-31') = expected as is_same
    from states
    where coalesce(is_open_before, false) or is_open or stage_before is null
)
select
    deal_id, 1::bigint as deals, stage_before, stage, coalesce(is_open_before, false) as is_open_before, is_open,
    coalesce(amount_before, 0) as amount_before, amount, expected_before, nullif(expected, date '9999-12-31') as expected
from told
where is_same is not true
union all
select
    null, count(*), null, null, true, true, sum(amount), sum(amount), expected, expected
from told
where is_same
group by expected
order by deal_id
