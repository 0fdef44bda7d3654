"""Money of works: funds, costs, targets, what is left."""
