"""Decisions: functions from values to values, without windows."""
