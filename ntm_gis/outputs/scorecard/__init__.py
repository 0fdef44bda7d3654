"""scorecard.html: the criteria of the set with verdicts, bounds, thresholds and evidence."""
