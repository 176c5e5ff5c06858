-- question: Does every eligible touch of a won or open deal stand in the credits once, and no other touch?
-- grain:    one row per deal whose touches and credited touches are not the same
-- reads:    mart.touches, mart.deals, mart.touch_credits
-- severity: fail
-- Two lists of ids are the same where they are as long and their hashes add up to the same number.
with eligible as (
    select deal_id, count(*) as touches, sum(hash(touch_id)::hugeint) as ids
    from mart.touches
    where is_eligible and deal_id is not null
    group by deal_id
), due as (
    select eligible.*
    from eligible
    join mart.deals on deals.deal_id = eligible.deal_id
    where deals.won_at is not null or deals.lost_at is null
), credited as (
    select deal_id, count(*) as touches, sum(hash(touch_id)::hugeint) as ids
    from mart.touch_credits
    where touch_id is not null
    group by deal_id
)
select coalesce(due.deal_id, credited.deal_id) as deal_id, due.touches, credited.touches as credited_touches
from due
full join credited on credited.deal_id = due.deal_id
where due.touches is distinct from credited.touches or due.ids is distinct from credited.ids
