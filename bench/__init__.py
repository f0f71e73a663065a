"""Measures of the whole system on real engines: `make bench`. One JSON object a line."""
