"""Golden cases: inputs and expected outputs with a published or independently derived source each, never edited."""

import json
from pathlib import Path
from typing import Any


def load(name: str) -> dict[str, Any]:
    """The golden case of that name: `id, source, input, expected, tolerance_abs, notes …`."""
    case: dict[str, Any] = json.loads((Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8"))
    return case
