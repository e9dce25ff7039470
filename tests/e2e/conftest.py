"""One browser for all tests that drive one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, sync_playwright

from deploy.servers.process import ServerUnavailable
from tests.e2e.site import Site, Visit, chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        path = chromium()
    except ServerUnavailable as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def new_visit(site: Site, browser: Browser) -> Iterator[Callable[[], Visit]]:
    """Opens a tab with cookies of its own; none of them may ask another server for anything."""
    with ExitStack() as stack:

        def visit() -> Visit:
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            stack.callback(context.close)
            tab = Visit(context.new_page(), site)
            tab.page.on("request", lambda request: tab.asked.append(request.url))
            tab.page.on("console", lambda said: tab.complaints.append(said.text) if said.type == "error" else None)
            visits.append(tab)
            return tab

        visits: list[Visit] = []
        yield visit
    assert {urlsplit(url).netloc for tab in visits for url in tab.asked} <= {urlsplit(site.address).netloc}


@pytest.fixture
def visit(new_visit: Callable[[], Visit]) -> Visit:
    return new_visit()
