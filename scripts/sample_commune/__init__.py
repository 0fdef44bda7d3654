"""The invented ground, places, roads and files of the sample commune (see ../make_sample.py)."""
