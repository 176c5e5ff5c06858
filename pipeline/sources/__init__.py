"""Exports as users download them, recognised by mapping files and translated into canonical columns.

`read_exports` is all that the build needs: it raises nothing about a data file, it reports. Every row of every file is
kept, rejected with its reason, or counted as a repetition of another.
"""

from pipeline.sources.exports import read_exports
from pipeline.sources.mapping import MappingError
from pipeline.sources.report import SourceReport, Staged
from pipeline.sources.safety import Limits

__all__ = ["Limits", "MappingError", "SourceReport", "Staged", "read_exports"]
