"""Property tests here measure arithmetic, not the clock: a busy machine or a first import must not fail them."""

from hypothesis import settings

settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")
