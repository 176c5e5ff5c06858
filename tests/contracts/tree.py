"""What the contract tests look at: the files of the repository and what each Python file imports."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def repository_files() -> list[Path]:
    """Files that are, or would be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.split("\0")  # fmt: skip
    return sorted(ROOT / name for name in set(listed) - {""} if (ROOT / name).is_file())


def python_files(folder: str = "") -> list[Path]:
    """Python files below a folder of the repository, or of the whole of it."""
    return [file for file in repository_files() if file.suffix == ".py" and file.is_relative_to(ROOT / folder)]


def name(file: Path) -> str:
    """How a file is called in messages and test ids."""
    return file.relative_to(ROOT).as_posix()


@cache
def syntax(file: Path) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse(file.read_text("utf-8"), filename=name(file))


def imports(file: Path) -> set[str]:
    """Dotted names of all modules a file imports, wherever in the file the import stands."""
    found: set[str] = set()
    for node in ast.walk(syntax(file)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = name(file).removesuffix(".py").split("/")[: -node.level] if node.level else []
            base = ".".join([*package, *([node.module] if node.module else [])])
            found |= {f"{base}.{alias.name}" for alias in node.names}
    return found
