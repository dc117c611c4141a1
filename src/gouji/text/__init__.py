"""Text as departments write it: normalised labels, numbers, dates. Pure functions."""
