"""From raw exports to one published DuckDB file."""

import os

# Said before polars is loaded: memory that was freed is kept for three seconds instead of going back to the system at
# once. A build fills and frees the same gigabyte over and over, and every page handed back has to be cleared again.
os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:3000,muzzy_decay_ms:0,narenas:2")
