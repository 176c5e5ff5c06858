"""Makes the virtual environment `.venv` from the hash-pinned lock. `make` runs this file by itself, before any package
is there, so it knows the standard library alone. Nothing is done while the lock is unchanged.

uv does it in seconds where it is installed; else `venv` and `pip` do. Both follow the settings of whoever runs them,
and addresses of package indexes are never shown.
"""

import argparse
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENV = ROOT / ".venv"
ENV_PYTHON = ENV / "bin" / "python"
STAMP = ENV / "installed-locks"  # one line "<name> <sha256>" for each lock that is installed
LOCALES = ROOT / "locales"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class CannotPrepare(Exception):
    """What is missing, and what to do about it."""


def prepare(dev: bool) -> None:
    """Installs the runtime lock, and the development lock on top if `dev`, unless they are installed already."""
    installed = STAMP.read_text(encoding="utf-8").splitlines() if STAMP.exists() and ENV_PYTHON.exists() else []
    runtime, development = (_line(name) for name in ("requirements.lock", "requirements-dev.lock"))
    wanted = [runtime, development] if dev else [runtime]
    if set(wanted) <= set(installed):
        return
    started = time.monotonic()
    print("Setting up the environment in .venv – this happens once, and again when the lock changes …", flush=True)
    STAMP.unlink(missing_ok=True)
    lock = ROOT / ("requirements-dev.lock" if dev else "requirements.lock")
    fresh = runtime not in installed
    if not (_install_with_uv(lock, fresh) or _install_with_pip(lock)):
        raise CannotPrepare("The packages could not be installed; what the installer said stands above.")
    STAMP.write_text("\n".join(wanted) + "\n", encoding="utf-8")
    print(f"Environment ready after {time.monotonic() - started:.0f} s.", flush=True)


def compile_locales() -> None:
    """Compiles the message catalogues that are newer than their compiled form."""
    for catalogue in LOCALES.glob("*/LC_MESSAGES/*.po"):
        compiled = catalogue.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime:
            command = [
                ENV_PYTHON,
                "-m",
                "babel.messages.frontend",
                "--quiet",
                "compile",
                "-i",
                catalogue,
                "-o",
                compiled,
            ]
            if not _succeeds(command):
                raise CannotPrepare(f"The translations in {catalogue.relative_to(ROOT)} could not be compiled.")


def provide_browser() -> None:
    """Installs Debian's Chromium if no browser is there. Tests drive it; the dashboard itself does not need it."""
    if os.environ.get("TANDEM_CHROMIUM") or any(shutil.which(name) for name in BROWSERS):
        return
    if not _install_debian_package("chromium"):
        raise CannotPrepare(
            "The browser tests need Chromium. Install it with `sudo apt-get install chromium`, "
            "or name an installed one in the variable TANDEM_CHROMIUM."
        )


def _install_with_uv(lock: Path, fresh: bool) -> bool:
    uv = shutil.which("uv")
    if uv is None:
        return False
    if fresh and not _succeeds([uv, "venv", "--quiet", "--clear", "--python", sys.executable, ENV]):
        return False
    install = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--require-hashes"]
    return _succeeds([*install, "--python", ENV_PYTHON, "-r", lock])


def _install_with_pip(lock: Path) -> bool:
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not _install_debian_package(package):
            raise CannotPrepare(f"This Python has no pip of its own. Install it with `sudo apt-get install {package}`.")
    install = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes"]
    return _succeeds([sys.executable, "-m", "venv", "--clear", ENV]) and _succeeds([ENV_PYTHON, *install, "-r", lock])


def _install_debian_package(package: str) -> bool:
    """True if the package manager installed it. Only root may ask for that."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    print(f"Installing Debian's package {package} …", flush=True)
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    install = ["apt-get", "install", "--quiet", "--yes", "--no-install-recommends", package]
    return _succeeds(["apt-get", "update", "--quiet"]) and _succeeds(install)


def _line(lock: str) -> str:
    return f"{lock} {hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()}"


def _succeeds(command: list) -> bool:
    """Runs a command silently; says what it said if it fails, without addresses or the passwords in them."""
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT)
    if done.returncode:
        said = done.stdout.decode(errors="replace").strip().splitlines()
        print(re.sub(r"\b[a-z+]+://\S+", "<address>", "\n".join(said[-20:])), file=sys.stderr, flush=True)
    return done.returncode == 0


def main() -> int:
    """The command line: `environment.py [--dev] [--browser]`."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--dev", action="store_true", help="with what tests and linting need")
    arguments.add_argument("--browser", action="store_true", help="and a browser to test with")
    chosen = arguments.parse_args()
    try:
        prepare(chosen.dev)
        compile_locales()
        if chosen.browser:
            provide_browser()
    except CannotPrepare as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
