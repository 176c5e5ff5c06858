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
--             and count with the time up to their end. From two hours on durations are cut to ten minutes, from twenty
--             hours on to sixty.
-- terms:      working_time, acceptance.routing_owner
with chosen as not materialized (
    select * from mart.handovers
    where handed_at >= $date_from::timestamptz and handed_at < $date_until::timestamptz
      and ($team is null or team = $team) and ($segment is null or segment = $segment)
      and ($source is null or source = $source) and ($lead_type is null or lead_type = $lead_type)
),
counted as (
    select 'qualifying' as step, qualifying_minutes::int as minutes, count(*) as finished, 0 as waiting
    from chosen where qualifying_minutes is not null group by all
    union all
    select 'routing' as step, routing_minutes::int as minutes, count(*) as finished, 0 as waiting
    from chosen where routing_minutes is not null group by all
    union all
    select 'response' as step, response_minutes::int as minutes, count(*) as finished, 0 as waiting
    from chosen where response_minutes is not null group by all
    union all
    select 'contact' as step, contact_minutes::int as minutes, count(*) as finished, 0 as waiting
    from chosen where contact_minutes is not null group by all
    union all
    select if(waiting_for = 'assignment', 'routing', waiting_for) as step, waiting_minutes::int as minutes,
        0 as finished, count(*) as waiting
    from chosen where waiting_minutes is not null group by all
)
select
    step,
    case
        when minutes < 120 then minutes
        when minutes < 1200 then 10 * (minutes // 10)
        else 60 * (minutes // 60)
    end::bigint as minutes,
    sum(finished)::bigint as finished,
    sum(waiting)::bigint as waiting
from counted
group by all
order by step, minutes
