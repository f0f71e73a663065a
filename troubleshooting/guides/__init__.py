"""Guides: short yes/no steps for a category, edited by staff, published in versions, answered on questions."""
