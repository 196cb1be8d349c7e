"""What a user may tune: settings, rules and word lists. Data, read by name."""

from importlib.resources import files


def read_text(name: str) -> str:
    """Return the file `name` of this directory, e.g. `default.yaml`."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
