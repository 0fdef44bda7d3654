"""Chainage: roads as axes with stakes, their lengths, and what happens when a line is redrawn."""
