"""The criteria: sources of indicators, thresholds, verdicts with bounds, what decides them."""
