"""Canals and the land they water."""
