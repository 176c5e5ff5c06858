"""Findings: frames and terms in, a verdict and a sentence in the reader's language out."""
