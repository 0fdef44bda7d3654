"""Photos of works: which work, which stretch, which day."""
