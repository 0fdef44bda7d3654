"""Which works come first: an exact search under a budget, and its reasons."""
