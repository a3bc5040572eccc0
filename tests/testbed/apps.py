"""A GitHub App of Mira's: it proves itself by a token that it signed, and gets one for a repository."""

import re
from datetime import timedelta
from functools import cached_property

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.testbed.accounts import APP, Access, Permissions
from tests.testbed.pulls import stamp
from tests.testbed.site import Site
from tests.testbed.web import Answer, Json, Refusal, Request, said

NUMBER, INSTALLATION, SLUG = 12345, 100, "git-bill"
GRANTED: Permissions = {"contents": "write", "pull_requests": "write", "statuses": "write", "issues": "write"}


class Apps:
    """One App, installed where `Hosted.app_installed` says so."""

    def __init__(self, site: Site) -> None:
        self.site = site

    @cached_property
    def key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def pem(self) -> str:
        """The private key as GitHub lets one download it."""
        form = serialization.PrivateFormat.TraditionalOpenSSL
        plain = serialization.NoEncryption()
        return self.key.private_bytes(serialization.Encoding.PEM, form, plain).decode()

    def answer(self, request: Request) -> Answer | None:
        """For the paths that an App asks for itself; None for all others."""
        installation = re.fullmatch(r"/repos/([^/]+/[^/]+)/installation", request.path)
        tokens = re.fullmatch(r"/app/installations/(\d+)/access_tokens", request.path)
        if not (installation or tokens or request.path == "/app"):
            return None
        self._prove(request)
        if installation:
            return self._installation(installation[1])
        if tokens:
            return self._token(int(tokens[1]), request)
        return said(self._document())

    def _prove(self, request: Request) -> None:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        try:
            claims = jwt.decode(token, self.key.public_key(), algorithms=["RS256"], issuer=str(NUMBER))
        except jwt.PyJWTError:
            raise Refusal(401, "A JSON web token could not be decoded") from None
        if kind != "Bearer" or claims["exp"] - claims["iat"] > 660:
            raise Refusal(401, "'Expiration time' claim ('exp') is too far in the future")

    def _document(self) -> Json:
        at = stamp(self.site.clock())
        return {
            "id": NUMBER,
            "slug": SLUG,
            "node_id": "A_1",
            "owner": self.site.users["mira"],
            "name": "Git Bill",
            "description": None,
            "external_url": "https://example.net",
            "html_url": f"{self.site.origin}/apps/{SLUG}",
            "created_at": at,
            "updated_at": at,
            "permissions": dict(GRANTED),
            "events": [],
        }

    def _installation(self, name: str) -> Answer:
        hosted = self.site.repositories.get(name)
        if hosted is None or not hosted.app_installed:
            raise Refusal(404, "Not Found")
        url, at = f"{self.site.api}/app/installations/{INSTALLATION}", stamp(self.site.clock())
        document = {
            "id": INSTALLATION,
            "account": self.site.users[hosted.owner.login],
            "repository_selection": "selected",
            "access_tokens_url": f"{url}/access_tokens",
            "repositories_url": f"{self.site.api}/installation/repositories",
            "html_url": f"{self.site.origin}/settings/installations/{INSTALLATION}",
            "app_id": NUMBER,
            "app_slug": SLUG,
            "target_id": hosted.owner.number,
            "target_type": "User",
            "permissions": dict(GRANTED),
            "events": [],
            "created_at": at,
            "updated_at": at,
            "single_file_name": None,
            "suspended_by": None,
            "suspended_at": None,
        }
        return said(document)

    def _token(self, number: int, request: Request) -> Answer:
        names = request.document.get("repositories", [])
        found = [one for one in self.site.repositories.values() if one.app_installed and one.name in names]
        if number != INSTALLATION or len(found) != 1:
            raise Refusal(422, "There is at least one repository that does not exist or is not accessible.")
        access = Access(account=APP, kind="app", repository=found[0].full_name, permissions=GRANTED)
        end = stamp(self.site.clock() + timedelta(hours=1))
        document = {"token": self.site.token(access), "expires_at": end, "permissions": dict(GRANTED)}
        return said(document | {"repository_selection": "selected"}, 201)
