"""What setup.cfg cannot say: the one part that is compiled where a compiler is, and runs as it stands where none is."""

from importlib.util import find_spec

from setuptools import Extension, setup

COMPILED = {"organizer.domain.seating.anneal_cy": "organizer/domain/seating/anneal_cy.py"}

setup(
    ext_modules=[Extension(name, [source], optional=True) for name, source in COMPILED.items()]
    if find_spec("Cython")
    else []
)
