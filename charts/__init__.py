"""Charts: pure functions from a frame to a plotly figure, one module per page and a theme they share."""
