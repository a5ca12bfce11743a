"""What `make run` does before it starts the service: check this machine, then install with progress.

Everything is checked before anything is made: Python's version, the port, the place of the store, Redis and
PostgreSQL where they are set, disk space, and whether packages can be fetched. A failed check is one line
that says what is wrong and what to do, and exit status 2. It runs on Python 3.6 with nothing installed, so
that an old Python is told of and not crashed on.
"""

import argparse
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEEDED = (3, 11)
VENV_PYTHON = ROOT / ".venv" / "bin" / "python"
LOCK = ROOT / "deploy" / "requirements.lock"
INSTALL_BYTES = 600_000_000  # what .venv takes (250 MB), and what pip unpacks on the way
PROBE = "flask-smorest"  # a package of the lock that a second, partial index is least likely to have
LINE_EVERY_S = 10  # of progress, where there is no terminal to write over a line of
NO_NETWORK = re.compile(
    r"connection|timed out|name resolution|no matching distribution|could not find a version", re.IGNORECASE
)
NO_NETWORK_TOLD = (
    "the Python packages cannot be fetched, since pip does not reach its package index: connect this machine "
    "to the network, or set PIP_INDEX_URL (a mirror) or HTTPS_PROXY, then run `make run` again"
)
AGAIN = "remove it with `make clean`, then run `make run` again"


def main():
    """Check this machine and install; nothing is said where nothing is to be done."""
    options = read_options()
    os.chdir(str(ROOT))
    choose_python()
    preflight = load_preflight()
    fail_with(machine_faults(preflight, options))
    if not is_installed(options):
        fail_with(install_faults(preflight))
        install(options)


def read_options():
    """What the Makefile says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", default="8000")
    parser.add_argument("--make", default="make", help="the make that runs this")
    parser.add_argument("--stamp", default=".venv/run.stamp", help="the target that installs")
    return parser.parse_args()


def fail(fault):
    """One line, and the end."""
    sys.stderr.write(f"verbatim: {fault}\n")
    sys.exit(2)


def fail_with(faults):
    """End with the first fault where there is one; None is none."""
    for fault in faults:
        if fault:
            fail(fault)


def choose_python():
    """Make sure of a Python that can run the service: this one, or that of .venv."""
    if not VENV_PYTHON.exists():
        if sys.version_info[:2] < NEEDED:
            fail(explain_old_python())
        if importlib.util.find_spec("venv") is None or not find_wheels():
            package = "python{}.{}-venv".format(*sys.version_info[:2])
            fail(f"this Python cannot make virtual environments (Debian, Ubuntu: apt install {package})")
        return
    made_with = version_of(str(VENV_PYTHON))
    if made_with is None:
        fail(f"the Python in .venv no longer works: {AGAIN}")
    if made_with < NEEDED:
        fail(f"the Python in .venv is {dotted(made_with)}, which is too old: {AGAIN}")
    if sys.version_info[:2] < NEEDED:
        os.execv(str(VENV_PYTHON), [str(VENV_PYTHON), *sys.argv])  # noqa: S606  fixed, no shell


def explain_old_python():
    """What to do about an old Python: take a newer one of this machine, or install one."""
    names = [f"python3.{minor}" for minor in range(NEEDED[1], 20)]
    there = (name for name in reversed(names) if shutil.which(name))
    newer = next((name for name in there if (version_of(name) or (0,)) >= NEEDED), None)
    advice = f"run `make run PYTHON={newer}`, which this machine has" if newer else "install a newer one"
    found = dotted(sys.version_info[:3])
    return f"Python {found} is too old, Verbatim needs {dotted(NEEDED)} or newer: {advice}"


def version_of(python):
    """The version of another Python as numbers; None where it does not run."""
    code = "import sys; print('%d %d' % sys.version_info[:2])"
    try:
        shown = subprocess.check_output([python, "-c", code], stderr=subprocess.DEVNULL)  # noqa: S603  fixed
    except (OSError, subprocess.CalledProcessError):
        return None
    return tuple(int(number) for number in shown.split())


def dotted(version):
    """A version as people write it."""
    return ".".join(str(number) for number in version)


def load_preflight():
    """The service's own checks. They need nothing installed, but the package around them does."""
    path = ROOT / "service" / "preflight.py"
    spec = importlib.util.spec_from_file_location("verbatim_preflight", str(path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def machine_faults(preflight, options):
    """What is wrong with the port, the store and the servers, one after the other."""

    def setting(name, default=""):
        return os.environ.get(name, "").strip() or default

    if options.port.isdigit() and int(options.port) < 65_536:
        yield preflight.check_port(setting("HOST", "127.0.0.1"), int(options.port))
    else:
        yield "PORT must be a whole number up to 65535, such as 8000"
    yield preflight.check_database(setting("DATABASE_URL", "sqlite:///var/verbatim.sqlite3"))
    if setting("REDIS_URL"):
        yield preflight.check_redis(setting("REDIS_URL"))


def is_installed(options):
    """Whether the installation is that of this release."""
    command = [options.make, "--question", "--silent", options.stamp]
    return subprocess.call(command, stderr=subprocess.DEVNULL) == 0  # noqa: S603  fixed


def install_faults(preflight):
    """What would break an installation in the middle."""
    yield preflight.check_space(ROOT, INSTALL_BYTES, "the installation")
    yield preflight.check_space(Path(tempfile.gettempdir()), INSTALL_BYTES, "the installation")
    yield network_fault()


def network_fault():
    """Whether pip reaches its index, asked in the way pip itself asks, with its own settings."""
    if os.environ.get("PIP_NO_INDEX"):
        return None
    pip = [sys.executable, "-m", "pip"]
    if importlib.util.find_spec("pip") is None:
        pip[1:] = [str(find_wheels()[-1] / "pip")]  # a wheel can be run as it is, a second slower
    asked = ["--disable-pip-version-check", "index", "versions", PROBE, "--retries", "0", "--timeout", "2"]
    try:
        subprocess.run(  # noqa: S603  fixed
            [*pip, *asked], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=15
        )
    except subprocess.TimeoutExpired:
        return None  # slow, not away: the installation waits longer
    except subprocess.CalledProcessError as error:
        return NO_NETWORK_TOLD if NO_NETWORK.search(error.stderr.decode("utf-8", "replace")) else None
    return None


def find_wheels():
    """The wheels of pip that this Python makes new environments with; none where a part of it is missing."""
    try:
        import ensurepip
    except ImportError:
        return []
    folders = [Path(ensurepip.__file__).parent / "_bundled"]
    folders += [Path(folder) for folder in [sysconfig.get_config_var("WHEEL_PKG_DIR")] if folder]
    return [wheel for folder in folders for wheel in sorted(folder.glob("pip-*.whl"))]


def install(options):
    """Run the Makefile's own installation, show how far it is, and explain where it fails."""
    total = len(set(re.findall(r"^[A-Za-z0-9._-]+(?=\S*==)", LOCK.read_text(), re.MULTILINE)))
    say(f"First start: installing {total} Python packages into .venv, 250 MB. This takes a minute or two.\n")
    # With the one --quiet of the Makefile, this makes pip name each package as it comes to it.
    environment = dict(os.environ, PIP_VERBOSE="1", PIP_PROGRESS_BAR="off")
    process = subprocess.Popen(  # noqa: S603  fixed
        [options.make, "--no-print-directory", options.stamp],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )
    lines = follow(process.stdout, total)
    if process.wait():
        fail(explain_failure(lines))
    say("Installed.\n")


def follow(stream, total):
    """Show the progress of pip from its output, and the time that passes meanwhile. Returns its lines."""
    lines, found, state, over = [], 0, {"doing": "making .venv"}, threading.Event()
    ticker = threading.Thread(target=tick, args=(state, over), daemon=True)
    ticker.start()
    for line in stream:
        lines.append(line)
        found += line.startswith(("Collecting ", "Processing "))
        if line.startswith("Installing collected"):
            state["doing"] = "unpacking"
        elif found and state["doing"] != "unpacking":
            state["doing"] = f"package {min(found, total)} of {total}"
    over.set()
    ticker.join()
    return lines


def tick(state, over):
    """Tell what is being done: on a terminal each second over the last line, elsewhere now and then."""
    started, is_terminal = time.time(), sys.stdout.isatty()
    while not over.wait(1 if is_terminal else LINE_EVERY_S):
        text = "  {}, {:.0f} s".format(state["doing"], time.time() - started)
        say(f"\r{text:<40}" if is_terminal else f"{text}\n")
    say("\r" if is_terminal else "")


def say(text):
    """Print a line and flush it, so that it is seen at once."""
    sys.stdout.write(text)
    sys.stdout.flush()


def explain_failure(lines):
    """Why an installation failed, in one line; pip's own lines are kept in a file."""
    output = "".join(lines)
    if "No space left on device" in output or "Errno 28" in output:
        return "the disk became full during the installation: free 600 MB, then run `make run` again"
    if NO_NETWORK.search(output):
        return NO_NETWORK_TOLD
    log = Path(tempfile.mkdtemp(prefix="verbatim-")) / "install.log"
    log.write_text(output)
    told = [line.strip() for line in lines if line.strip()] or ["nothing was said"]
    errors = [line for line in told if line.lower().startswith("error")]
    return f"the installation failed ({(errors or told)[-1]}); all of pip's output is in {log}"


if __name__ == "__main__":
    main()
