-- question:   By which agreement was the build on screen judged?
-- grain:      one row
-- reads:      meta.agreement
-- returns:    version varchar, document varchar
-- definition: The whole document with all its amendments, as the build used it.
select version, document
from meta.agreement
