-- question: Does every eligible touch of a won or open deal stand in the credits once, and no other touch?
-- grain:    one row per deal and touch that is missing, doubled or has no business there
-- reads:    mart.touches, mart.deals, mart.touch_credits
-- severity: fail
with due as (
    select touches.deal_id, touches.touch_id
    from mart.touches
    join mart.deals on deals.deal_id = touches.deal_id
    where touches.is_eligible and (deals.won_at is not null or deals.lost_at is null)
), credited as (
    select deal_id, touch_id, count(*) as times
    from mart.touch_credits
    where touch_id is not null
    group by deal_id, touch_id
)
select coalesce(due.deal_id, credited.deal_id) as deal_id, coalesce(due.touch_id, credited.touch_id) as touch_id, times
from due
full join credited on credited.deal_id = due.deal_id and credited.touch_id = due.touch_id
where due.deal_id is null or times is distinct from 1
