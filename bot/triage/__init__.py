"""A log in, its errors out: known ones with their fix, unknown ones by shape, in memory that does not grow with the log.

    bytes ─ reading.py ─> lines ─ records.py ─> records ─ shapes.py ─> one search a shape ─ sorting.py ─> groups

Most lines of a log repeat a few shapes with other values. A shape is searched once; every further line of it costs a
table look-up.
"""
