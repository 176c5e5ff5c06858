"""What leaves the house: documents that are read without the dashboard, and alerts."""
