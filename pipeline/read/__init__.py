"""Reading: one module per format, each with what cuts its files and what reads the pieces."""

from pipeline.read.outcomes import Outcome, place_of, unreadable
from pipeline.read.pages import ReadPages, in_bytes, read_unit
from pipeline.read.scan import Scan, scan, scan_all

__all__ = [
    "Outcome",
    "ReadPages",
    "Scan",
    "in_bytes",
    "place_of",
    "read_unit",
    "scan",
    "scan_all",
    "unreadable",
]
