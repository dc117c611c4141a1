"""Cause and repair, report-wide: which cell, changed how, makes every sum that does not close agree and breaks none.

case ─build_network→ cells + linear constraints ─Search→ repairs ─explain_findings→ causes, one root for each error
"""

from gouji.validate.repair.build import build_network
from gouji.validate.repair.doubts import explain_doubts
from gouji.validate.repair.explain import explain_findings

__all__ = ["build_network", "explain_doubts", "explain_findings"]
