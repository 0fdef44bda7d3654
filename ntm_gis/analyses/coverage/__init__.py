"""What polygons cover: each piece of ground once, extents, faults, slivers."""
