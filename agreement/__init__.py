"""What both departments signed: dated terms by which every record is judged."""

from agreement.terms import Agreement, Terms, load

__all__ = ["Agreement", "Terms", "load"]
