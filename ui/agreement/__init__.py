"""The page Agreement: its document, its proposals and its history."""
