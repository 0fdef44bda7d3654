"""Checked layers, figures with bounds and evidence, maps and reports for Vietnamese communes."""

__version__ = "0.1.0"
