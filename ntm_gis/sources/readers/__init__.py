"""Readers of single formats. They run in the reading process and trust nothing."""
