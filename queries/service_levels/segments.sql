-- question:   Between which two steps of a lead is time lost?
-- grain:      one row per segment and duration
-- reads:      mart.handovers
-- params:     date_from date, date_until date (exclusive), team varchar (null = all), segment varchar (null = all),
--             source varchar (null = all), lead_type varchar (null = all)
-- returns:    step varchar (qualifying, routing, response, contact), minutes bigint (business minutes), finished bigint,
--             waiting bigint
-- definition: Business minutes captured → qualified (marketing), qualified → assigned (routing), assigned → first human
--             attempt and attempt → two-way contact (sales) of the leads handed over in the period. Those still waiting
--             count with the time they have waited so far; leads that ended without the step are not waiting any more
--             and count with the time up to their end. From two hours on durations are rounded to ten minutes, from
--             twenty hours on to sixty.
-- terms:      working_time, acceptance.routing_owner
with durations as ( -- by number first: grouping by words costs twice as much
    select
        unnest([1, 2, 3, 4, case waiting_for when 'assignment' then 12 when 'response' then 13 else 14 end]) as number,
        unnest([qualifying_minutes, routing_minutes, response_minutes, contact_minutes, waiting_minutes]) as minutes
    from mart.handovers
    where coalesce(assigned_at, qualified_at) >= $date_from::timestamptz
      and coalesce(assigned_at, qualified_at) < $date_until::timestamptz
      and ($team is null or team = $team) and ($segment is null or segment = $segment)
      and ($source is null or source = $source) and ($lead_type is null or lead_type = $lead_type)
),
counted as (
    select
        number,
        case
            when minutes < 120 then minutes::int
            when minutes < 1200 then 10 * (minutes / 10)::int
            else 60 * (minutes / 60)::int
        end as minutes,
        count(*) as leads
    from durations
    where minutes is not null
    group by all
)
select
    ['qualifying', 'routing', 'response', 'contact'][number % 10] as step,
    minutes::bigint as minutes,
    coalesce(sum(leads) filter (number < 10), 0)::bigint as finished,
    coalesce(sum(leads) filter (number > 10), 0)::bigint as waiting
from counted
group by all
order by step, minutes
