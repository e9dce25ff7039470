"""A running server and a browser's tab, for the tests that look at pages."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Page

from deploy.servers.process import needed_program
from tests.api.world import World, make_world

SHOTS = os.environ.get("FUNDWATCH_SCREENSHOTS")
"""A folder: tests keep what they looked at there (``docs/console`` holds those of the last time)."""


def chromium() -> str:
    """Path of the browser; Debian's is installed where we may.

    Raises ``ServerUnavailable`` where there is none.
    """
    return os.environ.get("FUNDWATCH_CHROMIUM") or needed_program("chromium", package="chromium")


@dataclass
class Site:
    """The running server."""

    world: World
    address: str


@dataclass
class Visit:
    """A browser's tab and everything it asked for or complained about."""

    page: Page
    site: Site
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def goto(self, path: str) -> None:
        """Open a path of the site."""
        self.page.goto(self.site.address + path)

    def sign_in(self, kind: str = "pboc", region: str = "341300", **person: Any) -> None:
        """Sign in as a person of an office, with a fresh key."""
        self.goto("/console/sign-in")
        self.page.fill("#key", self.site.world.office(kind, region, **person))
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: not url.endswith("/sign-in"))

    def shot(self, name: str, *, whole: bool = True, part: str | None = None) -> None:
        """Keep a picture of the page or of one part of it, where somebody asked for pictures."""
        if SHOTS:
            self.page.mouse.move(0, 0)
            path = f"{SHOTS}/{name}.png"
            if part is not None:
                self.page.locator(part).screenshot(path=path, animations="disabled")
            else:
                self.page.screenshot(path=path, full_page=whole, animations="disabled")


@contextlib.contextmanager
def running(folder: Path, **settings: Any) -> Iterator[Site]:
    """A site over a fresh SQLite file, on a free port."""
    world = make_world(f"sqlite:///{folder}/ledger.sqlite", **settings)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(world.app, log_config=None, access_log=False, timeout_graceful_shutdown=2))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < deadline
        thread.join(0.02)
    try:
        yield Site(world, f"http://127.0.0.1:{listener.getsockname()[1]}")
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
        world.close()
