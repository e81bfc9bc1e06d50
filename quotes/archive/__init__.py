"""Issued quotes found again: lists, search, files of records, and whether all is as it was."""
