"""For people without the program: a brief of two pages for a meeting, and cards for phones."""
