"""Exports of trackers: tickets, and time that was logged on them. One module for each program."""
