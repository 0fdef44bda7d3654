"""Roads: lengths by class and surface with bounds, roads drawn twice."""
