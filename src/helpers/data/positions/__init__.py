"""Points of working sessions, ratings of them, and the register of recommendations made from them."""
