-- question:   How much of the won revenue did marketing source, by each of the usual definitions?
-- grain:      one row
-- reads:      mart.deals
-- params:     date_from date, date_until date (exclusive), team varchar (null = all), segment varchar (null = all)
-- returns:    deals bigint, booked double, by_source double, by_touch double, by_creator double,
--             creator_known double, influenced double
-- definition: Deals won in the period. By source: the CRM names a channel of marketing (neither outbound nor other). By
--             touch: an eligible marketing touch lies before the deal was created. By creator: somebody of marketing
--             created it. Influenced: an eligible touch lies before it closed; never added to sourced.
select
    count(*) as deals,
    coalesce(sum(amount), 0)::double as booked,
    coalesce(sum(amount) filter (channel not in ('outbound', 'other')), 0)::double as by_source,
    coalesce(sum(amount) filter (first_touch_before_creation), 0)::double as by_touch,
    coalesce(sum(amount) filter (is_marketing_created), 0)::double as by_creator,
    coalesce(sum(amount) filter (is_marketing_created is not null), 0)::double as creator_known,
    coalesce(sum(amount) filter (is_influenced), 0)::double as influenced
from mart.deals
where won_at >= $date_from::timestamptz and won_at < $date_until::timestamptz
  and ($team is null or team = $team) and ($segment is null or segment = $segment)
