"""A real Firefox, driven by its own remote protocol (Marionette, which geckodriver speaks too): nothing to install."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.processes import wait_until
from tests.servers import find_free_port

NAMES = ("firefox-esr", "firefox")
PATIENCE_S = 60.0
#: Nothing is asked of the network, and nothing runs that a test does not look at.
PREFERENCES: Mapping[str, object] = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.proxy.no_proxies_on": "127.0.0.1, localhost",
    "network.proxy.socks": "127.0.0.1",
    "network.proxy.socks_port": 9,
    "network.proxy.type": 1,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
    "xpinstall.signatures.required": False,
}


class FirefoxMissing(RuntimeError):
    """There is no Firefox here; the message says what to install."""


def find_firefox() -> str:
    """Where Firefox lies: what FIREFOX names, else what is on the path. Raises FirefoxMissing."""
    given = os.environ.get("FIREFOX")
    found = next((path for name in ([given] if given else NAMES) if (path := shutil.which(name))), None)
    if found is None:
        raise FirefoxMissing(
            f"there is no {given or 'Firefox'} on this machine: `apt-get install firefox-esr` (Debian), "
            "or name one that is there in FIREFOX"
        )
    return found


class Firefox:
    """One session. Scripts run in the page, or in the browser's own window (`chrome`)."""

    def __init__(self, port: int) -> None:
        self._connection = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
        self._stream = self._connection.makefile("rb")
        self._number = 0
        self._receive()  # the greeting
        self.send("WebDriver:NewSession", capabilities={"alwaysMatch": {"acceptInsecureCerts": True}})

    def send(self, command: str, **parameters: Any) -> Any:
        """The answer to a command. Raises AssertionError with what Firefox says is wrong."""
        self._number += 1
        message = json.dumps([0, self._number, command, parameters]).encode()
        self._connection.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._receive()
        assert error is None, f"{command}: {error['error']}: {error['message']}"
        return result["value"] if isinstance(result, dict) and set(result) == {"value"} else result

    def _receive(self) -> Any:
        size = b""
        while (digit := self._stream.read(1)) != b":":
            assert digit, "Firefox is gone"
            size += digit
        return json.loads(self._stream.read(int(size)))

    def page(self, script: str, *arguments: Any) -> Any:
        """What the body of a function returns, run in the page."""
        self.send("Marionette:SetContext", value="content")
        return self.send("WebDriver:ExecuteScript", script=script, args=list(arguments))

    def chrome(self, script: str, *arguments: Any) -> Any:
        """The same, run in the browser's window with all rights."""
        self.send("Marionette:SetContext", value="chrome")
        try:
            return self.send("WebDriver:ExecuteScript", script=script, args=list(arguments))
        finally:
            self.send("Marionette:SetContext", value="content")

    def open(self, address: str) -> str:
        """Open a tab; returns its handle, and it is the current one."""
        handle: str = self.send("WebDriver:NewWindow", type="tab", focus=True)["handle"]
        self.show(handle)
        self.send("WebDriver:Navigate", url=address)
        return handle

    def show(self, handle: str) -> None:
        """Make a tab the current one."""
        self.send("WebDriver:SwitchToWindow", handle=handle, focus=True)

    def type(self, *keys: str) -> None:
        """Press keys one after the other, as a person does."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keyboard", "actions": actions}
        self.send("WebDriver:PerformActions", actions=[source])

    def click(self, x: float, y: float) -> None:
        """Click a place of the window."""
        move = {"type": "pointerMove", "x": round(x), "y": round(y), "origin": "viewport"}
        press = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        source = {"type": "pointer", "id": "mouse", "actions": [move, *press]}
        self.send("WebDriver:PerformActions", actions=[source])

    def close(self) -> None:
        """End the connection."""
        self._stream.close()
        self._connection.close()


@contextmanager
def running_firefox(directory: Path) -> Iterator[Firefox]:
    """A headless Firefox with a new profile for as long as the block lasts."""
    port = find_free_port()
    profile = directory / "profile"
    profile.mkdir()
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join([*lines, f'user_pref("marionette.port", {port});']))
    command = [find_firefox(), "--headless", "--marionette", "--remote-allow-system-access", "--no-remote"]
    environment = os.environ | {
        "HOME": str(directory),
        "MOZ_HEADLESS_WIDTH": "1280",
        "MOZ_HEADLESS_HEIGHT": "1000",
    }
    log = (directory / "firefox.log").open("wb")
    process = subprocess.Popen(
        [*command, "--profile", str(profile)], stdout=log, stderr=subprocess.STDOUT, env=environment
    )
    try:
        firefox = wait_until(lambda: connect(port, process), "Firefox", PATIENCE_S)
        yield firefox
        firefox.close()
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def connect(port: int, process: subprocess.Popen[bytes]) -> Firefox | None:
    """A session, once Firefox listens."""
    assert process.poll() is None, f"Firefox ended with {process.returncode}"
    try:
        return Firefox(port)
    except ConnectionRefusedError:
        return None


def wait_for(look: Callable[[], Any], what: str) -> Any:
    """What a look returns, as soon as that is true."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := look()):
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.05)
    return found


if __name__ == "__main__":
    try:
        print(find_firefox())
    except FirefoxMissing as missing:
        sys.exit(str(missing))
