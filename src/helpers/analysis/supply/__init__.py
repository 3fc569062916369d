"""What the reports on supply and demand compute on: published capacity, needs, assumptions, scenarios."""
