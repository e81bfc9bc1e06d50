"""Spreadsheets in and out, whatever stands in them: bounded reading in a process of its own, and writing.

Who reads a file calls `files.open_file`. This page imports nothing: the reading process starts from it.
"""
