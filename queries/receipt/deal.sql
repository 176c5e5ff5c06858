-- question:   What is known of this deal?
-- grain:      one row
-- reads:      mart.deals, canonical.deals, canonical.accounts
-- params:     deal varchar
-- returns:    deal_id varchar, deal varchar, account varchar, amount decimal(18,2), created_at timestamptz,
--             won_at timestamptz, lost_at timestamptz, stage varchar, agreement_version varchar, crm_url varchar
-- definition: The deal as the CRM tells it, its amount in the reporting currency, and the terms it was judged by.
select
    judged.deal_id, deals.name as deal, accounts.name as account, judged.amount, judged.created_at, judged.won_at,
    judged.lost_at, judged.stage::varchar as stage, judged.agreement_version::varchar as agreement_version, deals.crm_url
from mart.deals as judged
left join canonical.deals on deals.deal_id = judged.deal_id
left join canonical.accounts on accounts.account_id = judged.account_id
where judged.deal_id = $deal
