"""Tracks matched onto a road network, and what of a road they cover."""
