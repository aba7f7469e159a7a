"""What pyproject.toml cannot say: the wheel carries compiled catalogs, made while it is built."""

import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent


class BuildWithCatalogs(build_py):
    """Copies the packages, then compiles each catalog beside its source."""

    def run(self) -> None:
        super().run()
        sys.path.insert(0, str(ROOT))
        from bot.i18n import LANGUAGES
        from bot.i18n.catalogs import compile_catalog, source_of

        place = ROOT if self.editable_mode else Path(self.build_lib)
        for language in LANGUAGES:
            source = source_of(language)
            compiled = place / source.relative_to(ROOT).with_suffix(".mo")
            compiled.parent.mkdir(parents=True, exist_ok=True)
            compiled.write_bytes(compile_catalog(source.read_bytes(), language))


setup(cmdclass={"build_py": BuildWithCatalogs})
