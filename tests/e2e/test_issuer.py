"""Signing in through an issuer on another site, in a real browser: its cookies decide whether that works."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from api.config import BACK
from tests.api.flags import flag
from tests.api.issuer import Issuer
from tests.e2e.site import Site, Visit, running

pytestmark = pytest.mark.e2e


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    # Another site than 127.0.0.1: ports alone make none.
    made = Issuer("localhost")
    yield made
    made.close()


@pytest.fixture
def site(tmp_path: Path, issuer: Issuer) -> Iterator[Site]:
    client = {"oidc_client_id": "console", "oidc_redirect": "http://127.0.0.1:1" + BACK}
    with running(tmp_path, oidc_issuer=issuer.address, oidc_jwks=issuer.url, **client) as made:
        state = made.world.app.state
        state.issuer = dataclasses.replace(state.issuer, redirect=made.address + BACK)
        made.world.office("pboc", "341300")
        made.world.store([flag("a")])
        yield made


def test_one_click_leads_through_the_issuer_to_where_the_day_begins(site: Site, issuer: Issuer, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    visit = Visit(context.new_page(), site)
    visit.page.on("request", lambda request: visit.asked.append(request.url))
    visit.goto("/console/sign-in")
    visit.shot("sign-in-issuer", whole=False)
    visit.page.get_by_role("link", name="用统一身份认证登录").click()
    visit.page.wait_for_url("**/console/overview")
    visit.goto("/console/flags")
    expect(visit.page.get_by_role("button", name="退出")).to_be_visible()
    elsewhere = [url for url in visit.asked if not url.startswith(site.address)]
    assert [urlsplit(url).path for url in elsewhere] == ["/authorize"], "nothing but the way to the issuer"
    assert elsewhere[0].startswith(issuer.address)
    context.close()
