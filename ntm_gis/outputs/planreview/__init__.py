"""The plan review: record page, pair of maps, sheets, decisions to fill in, letters, database."""
