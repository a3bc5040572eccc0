"""A GitHub App of the user's own: its key gives a token for one repository, good for an hour."""

from collections.abc import Callable

import github
import jwt

from git_bill.adapters.github.client import Client, Place
from git_bill.adapters.github.failure import Asked
from git_bill.problem import Exit, stop


class App:
    """An App by its id and private key (PEM text)."""

    def __init__(
        self,
        api: str,
        number: str,
        key: str,
        *,
        waiting: Callable[[str], None] = lambda line: None,
        learned: Callable[[str], None] = lambda secret: None,
    ) -> None:
        """`waiting` hears of long waits; `learned` gets each token, for nobody to print it."""
        try:
            auth = github.Auth.AppAuth(number, key.replace("\\n", "\n"))
            auth.create_jwt()
        except (ValueError, TypeError, jwt.PyJWTError):
            raise stop(
                Exit.SETTINGS,
                "bad-app-key",
                "GIT_BILL_APP_KEY is not the private key of a GitHub App",
                "store the whole .pem file as the secret: gh secret set GIT_BILL_APP_KEY < app.private-key.pem",
            ) from None
        self._client = Client(api, auth, "app", say=waiting)
        self._learned = learned
        self._tokens: dict[str, str] = {}

    def token(self, repository: str) -> str:
        """A token for one repository where the App is installed. Raises Stop (exit 5) where it is not."""
        if repository not in self._tokens:
            place = Place(self._client, repository)
            asked = Asked(what=f"find where the App is installed for {repository}", repository=repository)
            self._tokens[repository] = self._client.ask(asked, lambda: _installed(place))
            self._learned(self._tokens[repository])
        return self._tokens[repository]

    def account(self) -> str:
        """The account that it writes as: `git-bill-mira[bot]`."""
        asked = Asked(what="tell the App's name", repository="")
        return f"{self._client.ask(asked, lambda: self._client.get('/app').text('slug'))}[bot]"


def _installed(there: Place) -> str:
    number = there.client.get(f"{there.path}/installation").number("id")
    only = {"repositories": [there.name.partition("/")[2]]}
    return there.client.post(f"/app/installations/{number}/access_tokens", only).text("token")
