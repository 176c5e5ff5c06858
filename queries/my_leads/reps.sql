-- question:   Whose leads can be looked at?
-- grain:      one row per employee in charge of a handover, by name
-- reads:      mart.handovers, canonical.employees
-- returns:    owner_id varchar, name varchar (null = no export names the employee), open bigint
-- definition: Everybody who was ever given a lead; open counts what still waits for an answer or a decision.
with owners as (
    select owner_id::varchar as owner_id, count(*) filter (is_waiting or decision = 'open') as open
    from mart.handovers
    where owner_id is not null
    group by owner_id
)
select owners.owner_id, employees.name, owners.open
from owners
left join canonical.employees as employees on employees.employee_id = owners.owner_id
order by employees.name nulls last, owners.owner_id
