"""The kinds of channels: a module for each, found by name."""

from __future__ import annotations
