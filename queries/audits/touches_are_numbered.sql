-- question: Are the eligible touches of every journey numbered 1 to touch_count?
-- grain:    one row per journey that is not
-- reads:    mart.touches
-- severity: fail
select journey_id, count(touch_no) as numbered, max(touch_no) as last, any_value(touch_count) as touch_count
from mart.touches
group by journey_id
having count(touch_no) <> count_if(is_eligible)
    or coalesce(max(touch_no), 0) <> count(touch_no)
    or min(touch_count) <> count(touch_no)
    or max(touch_count) <> count(touch_no)
