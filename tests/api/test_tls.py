"""TLS and mutual TLS of ``serve``, over real sockets with certificates made for the test."""

from __future__ import annotations

import http.client
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme
import uvicorn
from pydantic import ValidationError

from api import server
from api.config import ApiSettings
from api.settings_reading import read_settings
from contract.errors import ConfigurationError
from tests.api.world import make_world


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def files(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """PEM files of the server and of who may come in."""
    folder = tmp_path_factory.mktemp("tls")
    made = authority.issue_cert("localhost")
    paths = {"tls_cert": folder / "cert.pem", "tls_key": folder / "key.pem", "tls_client_ca": folder / "ca.pem"}
    made.private_key_pem.write_to_path(paths["tls_key"])
    for blob in made.cert_chain_pems:
        blob.write_to_path(paths["tls_cert"], append=True)
    authority.cert_pem.write_to_path(paths["tls_client_ca"])
    return paths


@contextmanager
def serving(tmp_path: Path, **given: Path) -> Iterator[int]:
    """The application behind the web server that ``serve`` makes; gives its port."""
    made = make_world(f"sqlite:///{tmp_path}/ledger.sqlite", **given)
    listener = server._listen("127.0.0.1", 0)  # noqa: SLF001
    web = server._web_server(made.app, ApiSettings.model_validate(given))  # noqa: SLF001
    thread = threading.Thread(target=_run, args=(web, listener), daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        web.should_exit = True
        thread.join(20)
        listener.close()
        made.close()


def _run(web: uvicorn.Server, listener: object) -> None:
    web.run(sockets=[listener])  # type: ignore[list-item]


def ask(port: int, context: ssl.SSLContext) -> http.client.HTTPResponse:
    connection = http.client.HTTPSConnection("localhost", port, context=context, timeout=20)
    try:
        connection.request("GET", "/console/sign-in")
        answer = connection.getresponse()
        answer.read()
        return answer
    finally:
        connection.close()


def test_tls_serves_and_tells_browsers_to_keep_to_it_and_plain_text_gets_nothing(
    tmp_path: Path, authority: trustme.CA, files: dict[str, Path]
) -> None:
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with serving(tmp_path, tls_cert=files["tls_cert"], tls_key=files["tls_key"]) as port:
        answer = ask(port, trusting)
        assert answer.status == 200
        assert answer.headers["strict-transport-security"].startswith("max-age=")
        with pytest.raises(ssl.SSLCertVerificationError):
            ask(port, ssl.create_default_context())
        old = ssl.create_default_context()
        authority.configure_trust(old)
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        assert ask(port, old).status == 200
        plain = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        plain.request("GET", "/")
        with pytest.raises((http.client.HTTPException, OSError)):
            plain.getresponse()
        plain.close()


def test_mutual_tls_lets_in_who_has_a_certificate_of_the_named_authority(
    tmp_path: Path, authority: trustme.CA, files: dict[str, Path]
) -> None:
    known, stranger, nobody = (ssl.create_default_context() for _ in range(3))
    for context in (known, stranger, nobody):
        authority.configure_trust(context)
    authority.issue_cert("office@example.org").configure_cert(known)
    trustme.CA().issue_cert("office@example.org").configure_cert(stranger)
    with serving(tmp_path, **files) as port:
        assert ask(port, known).status == 200
        for context in (stranger, nobody):
            with pytest.raises((ssl.SSLError, ConnectionError, http.client.RemoteDisconnected)):
                ask(port, context)


@pytest.mark.parametrize("given", [("tls_cert",), ("tls_key",), ("tls_client_ca",)])
def test_half_of_a_configuration_is_refused(files: dict[str, Path], given: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError, match="API_TLS"):
        ApiSettings.model_validate({name: files[name] for name in given})


def test_a_refused_configuration_names_its_variables_in_one_line(files: dict[str, Path]) -> None:
    with pytest.raises(ConfigurationError, match=r"^API_TLS_CERT and API_TLS_KEY go together$"):
        read_settings({"tls_cert": files["tls_cert"]})


def test_files_that_are_no_pem_are_refused_in_one_line(tmp_path: Path, files: dict[str, Path]) -> None:
    junk = tmp_path / "junk.pem"
    junk.write_text("no certificate")
    made = make_world(f"sqlite:///{tmp_path}/ledger.sqlite")
    with pytest.raises(ConfigurationError, match="API_TLS"):
        server._web_server(made.app, ApiSettings(tls_cert=junk, tls_key=files["tls_key"]))  # noqa: SLF001
    made.close()


def test_keys_of_an_issuer_come_over_https_or_from_this_machine() -> None:
    with pytest.raises(ValidationError, match="https"):
        ApiSettings(oidc_issuer="https://a", oidc_jwks="http://a.example/jwks")
    with pytest.raises(ValidationError, match="go together"):
        ApiSettings(oidc_issuer="https://a")
