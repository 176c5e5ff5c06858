"""From raw exports to one published DuckDB file."""
