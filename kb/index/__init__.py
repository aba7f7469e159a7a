"""Entries as flat arrays in a folder: the modules that write them, and those that read them to answer a question."""
