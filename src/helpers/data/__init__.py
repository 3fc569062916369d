"""What comes in: datasets and their origin, table schemas, places and boundaries."""
