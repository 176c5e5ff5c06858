"""What both departments signed: dated terms by which every record is judged, and the ledger of what was decided."""

from agreement.faults import Fault, TermsError
from agreement.terms import Agreement, Terms, load

__all__ = ["Agreement", "Fault", "Terms", "TermsError", "load"]
