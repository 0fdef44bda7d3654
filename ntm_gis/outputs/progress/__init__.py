"""Progress of road works: page, strip chart, sheets, chapter, terminal, disputed stretches."""
