"""Layers: rows checked against their schema, each kept, each with what was found."""
