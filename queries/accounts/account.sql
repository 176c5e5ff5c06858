-- question:   What is known of this customer?
-- grain:      one row
-- reads:      canonical.accounts
-- params:     account varchar
-- returns:    account_id varchar, name varchar, domain varchar, industry varchar, employees_band varchar, region varchar,
--             is_customer_since date, crm_url varchar
-- definition: The company as the CRM tells it.
select account_id, name, domain, industry, employees_band, region, is_customer_since, crm_url
from canonical.accounts
where account_id = $account
