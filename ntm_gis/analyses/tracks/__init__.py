"""Tracks walked or driven along works: what they prove."""
