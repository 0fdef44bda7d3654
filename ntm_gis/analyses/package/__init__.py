"""Packages of the planning database, received or to be sent: checked."""
