-- question:   Who belongs to the buying group?
-- grain:      one row per person of the company
-- reads:      canonical.people, canonical.deal_people, canonical.touches, canonical.activities
-- params:     account varchar
-- returns:    person varchar, title varchar, roles varchar, touches bigint, talks bigint, last_at timestamp with time
--             zone, consent varchar
-- definition: Everybody known of the company, with their role on its deals and how often either department met them.
with known as (select person_id, name, title, consent from canonical.people where account_id = $account),
met as (
    select person_id, 1 as touches, 0 as talks, occurred_at from canonical.touches
    where account_id = $account and not coalesce(is_bot, false)
    union all
    select person_id, 0 as touches, 1 as talks, occurred_at from canonical.activities
    where account_id = $account and not coalesce(is_automatic, false)
),
counted as (
    select person_id, sum(touches)::bigint as touches, sum(talks)::bigint as talks, max(occurred_at) as last_at
    from met group by person_id
),
named as (
    select person_id, string_agg(distinct role, ', ' order by role) as roles
    from canonical.deal_people where person_id in (select person_id from known) group by person_id
)
select
    known.name as person, known.title, named.roles, coalesce(counted.touches, 0) as touches,
    coalesce(counted.talks, 0) as talks, counted.last_at, known.consent
from known
left join counted on counted.person_id = known.person_id
left join named on named.person_id = known.person_id
order by (named.roles is null), counted.last_at desc nulls last, known.person_id
limit 200
