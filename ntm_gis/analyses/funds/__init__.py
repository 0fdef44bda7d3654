"""Sources of money: their tree, and what is wrong in it."""
