"""Ports made of other ports."""

from __future__ import annotations
