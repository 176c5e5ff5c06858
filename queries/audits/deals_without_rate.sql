-- question: Which deals could not be converted into the reporting currency?
-- grain:    one row per deal
-- reads:    mart.deals
-- severity: warn
select deal_id, currency_original, amount_original
from mart.deals
where is_unconverted
