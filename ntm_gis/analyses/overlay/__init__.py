"""Polygons over polygons: exact pieces and hectares of pairs."""
