"""Styles and the project for QGIS, made of `maps/` without QGIS."""
