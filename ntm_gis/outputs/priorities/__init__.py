"""What to do next and whether the money adds up: choice of works, frontier, funds, targets."""
