"""What setup.cfg cannot say: every package found, and three folders beside them mapped in."""

from setuptools import find_packages, setup

MAPPED = ("templates", "static", "migrations")

setup(
    packages=find_packages(include=["crisis_desk", "crisis_desk.*"]) + [f"crisis_desk.{name}" for name in MAPPED],
    package_dir={"crisis_desk": "crisis_desk"} | {f"crisis_desk.{name}": name for name in MAPPED},
    package_data={
        "crisis_desk": ["translations/**/*", "**/*.typ", "**/*.json", "**/*.yaml", "**/*.sql", "**/*.md"],
        "crisis_desk.templates": ["**/*"],
        "crisis_desk.static": ["dist/**/*"],
        "crisis_desk.migrations": ["*.py", "*.mako", "*.txt", "versions/*.py"],
    },
)
