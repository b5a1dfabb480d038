"""What all tests share: no timing decides whether a test passes."""

from hypothesis import settings

settings.register_profile("jixiao", deadline=None)
settings.load_profile("jixiao")
