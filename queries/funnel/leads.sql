-- question:   Which leads entered the stage in the period, and where are they now?
-- grain:      one row per lead cycle, newest entry first, at most 1,001
-- reads:      mart.leads, canonical.accounts
-- params:     stage varchar (entered in the period), fate varchar (advanced, left, waiting, all), date_from date,
--             date_until date (exclusive), team varchar (null = all), segment varchar (null = all),
--             customers varchar (new, existing, all or null = both)
-- returns:    lead_id varchar, account varchar, source varchar, channel varchar, team varchar, customer_type varchar,
--             created_at timestamp with time zone, entered_at timestamp with time zone, stage varchar,
--             reject_reason varchar, crm_url varchar
-- definition: The rows behind the funnel. Company names stand in the canonical tables; persons are not shown.
with entries as (
    select
        rowid as place, closed_at,
        case $stage when 'mql' then mql_at when 'sal' then sal_at when 'sql' then sql_at when 'opportunity' then opportunity_at
            when 'won' then won_at else created_at end as entered_at,
        case $stage when 'mql' then sal_at when 'sal' then sql_at when 'sql' then opportunity_at when 'opportunity' then won_at
            when 'won' then won_at else mql_at end as advanced_at
    from mart.leads
    where ($team is null or team = $team) and ($segment is null or segment = $segment)
      and (coalesce($customers, 'all') = 'all' or customer_type = $customers)
), newest as ( -- by place, which follows created_at and lead_id: the other columns are read for the rows shown alone
    select place, entered_at from entries
    where entered_at >= $date_from::timestamptz and entered_at < $date_until::timestamptz
      and case $fate
          when 'advanced' then advanced_at is not null
          when 'left' then advanced_at is null and closed_at is not null
          when 'waiting' then advanced_at is null and closed_at is null
          else true
      end
    order by entered_at desc, place
    limit 1001
), shown as (
    select leads.*, newest.entered_at from newest join mart.leads as leads on leads.rowid = newest.place
)
select
    shown.lead_id, accounts.name as account, shown.source, shown.channel, shown.team, shown.customer_type,
    shown.created_at, shown.entered_at, shown.stage, shown.reject_reason,
    case when shown.crm_url like 'https://%' then shown.crm_url end as crm_url
from shown
left join (
    select account_id, name from canonical.accounts where account_id in (select account_id from shown)
) as accounts using (account_id)
order by shown.entered_at desc, shown.lead_id, shown.cycle
