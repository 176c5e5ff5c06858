"""Tandem: the dashboard on which marketing and sales read the same numbers. Start it with `streamlit run app.py`."""

from ui import frame

frame.page().run()
