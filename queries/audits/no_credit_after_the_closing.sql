-- question: Does any touch after the closing earn credit, or any touch of an open deal as if it were closed?
-- grain:    one row per deal and touch that does
-- reads:    mart.touch_credits, canonical.deals
-- severity: fail
select credits.deal_id, credits.touch_id, credits.touched_at, credits.closed_at
from mart.touch_credits as credits
join canonical.deals as deals on deals.deal_id = credits.deal_id
-- a closing known by its day lasts until the end of it, 25 hours on the night the clocks go back
where credits.touched_at
    > credits.closed_at + case when deals.won_at_is_date_only then interval 25 hours else interval 0 hours end
   or credits.basis = 'open' and (credits.milestones like '%CW%' or credits.closed_at is not null)
