"""What we draw: style, charts, maps, tables, and the one function that publishes a figure."""
