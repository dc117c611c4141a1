"""Anchored cells → Facts, scoring rows → Indicators, sentences → Facts; assembled into one Report a region."""

from gouji.extract.assemble import assemble_report

__all__ = ["assemble_report"]
