"""The arithmetic of Tandem: pure functions over plain Python values and polars frames.

Nothing here reads a file, a clock or a database. Import the module you need (`from measures.intervals import wilson`);
the package itself imports nothing, so that a page which needs one interval does not pay for statsmodels.
"""
