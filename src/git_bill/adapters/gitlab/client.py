"""One way to GitLab's REST API: who we are there, patience, and what its errors mean to a person."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import gitlab
from gitlab.exceptions import GitlabError, GitlabParsingError
from requests import Response, Session

from git_bill.adapters import mishaps
from git_bill.adapters.patience import Patience
from git_bill.adapters.rendering import plain
from git_bill.problem import Exit, Problem, Stop, stop

_FORGE = "GitLab"
_STATUS = "https://status.gitlab.com"
_SETTINGS = "Settings > General > Visibility > Repository, Merge requests"


class _Straight(Session):
    """Follows no redirection: only `Authorization` would be left out on the way to another host, not GitLab's own."""

    def get_redirect_target(self, resp: Response) -> str | None:
        """Nowhere."""
        return None


class Client(gitlab.Gitlab):
    """GitLab's own client, whose errors that no caller can mend are `Stop`s; 400, 404, 409 and 422 stay its own."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        job: bool,
        waiting: Callable[[str], None],
        sleep: Callable[[float], None],
        timeout: float,
    ) -> None:
        super().__init__(
            url.rstrip("/").removesuffix("/api/v4"),
            private_token=None if job else token or None,
            job_token=token if job else None,
            timeout=timeout,
            per_page=100,
            keep_base_url=True,  # the next page is never asked of another host, with our token
            user_agent="git-bill",
            session=_Straight(),
        )
        self.by_job = job
        self._patience = Patience(_FORGE, waiting, sleep)
        self._told_to_wait = self._told_to_go = ""
        self.session.hooks["response"].append(self._heard)

    def http_request(self, verb: str, path: str, *args: Any, **kwargs: Any) -> Response:
        """Ask; wait as long as GitLab says, altogether a minute at most, and say so. Raises Stop (exit 5)."""
        questions = path == self._questions
        if not questions and not self._build_url(path).startswith(f"{self.api_url}/"):
            raise unreadable("its next page is on another server")
        what = "POST /api/graphql" if questions else f"{verb.upper()} {path.removeprefix(self.api_url)}"
        stumbles = self._patience.stumbles() if verb == "get" or questions else self._patience.stumbles(0)
        while True:
            try:
                answer = super().http_request(verb, path, *args, **(kwargs | {"obey_rate_limit": False}))
            except GitlabError as error:
                if not self._waits(error, stumbles):
                    raise self._meant(error, what) from None
            except OSError as error:  # every way in which a connection fails
                kind, words = mishaps.broken(error)
                if kind != "timeout" or not next(stumbles):
                    raise _stopped(mishaps.unanswered(_FORGE, what, kind, words)) from None
            else:
                if answer.content and "json" not in answer.headers.get("Content-Type", ""):
                    raise unreadable("a web page")
                return answer

    @property
    def _questions(self) -> str:
        """The address of the GraphQL API."""
        return f"{self.url}/api/graphql"

    def question(self, query: str, variables: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """What the GraphQL API answers to a query that changes nothing; None where it does not know what is asked."""
        answer = self.http_post(self._questions, post_data={"query": query, "variables": variables})
        if not isinstance(answer, Mapping):
            raise unreadable("no answer to a query")
        data = answer.get("data")
        return data if isinstance(data, Mapping) else None

    @cached_property
    def account(self) -> str:
        """Our own login name there."""
        self.auth()
        return str(self.user.username) if self.user else ""

    def _heard(self, response: Response, *_: object, **__: object) -> None:
        self._told_to_wait = response.headers.get("Retry-After", "")
        self._told_to_go = response.headers.get("Location", "")

    def _waits(self, error: GitlabError, stumbles: Iterator[bool]) -> bool:
        """Wait where the same request may succeed after that; False where it may not, or not soon."""
        code = error.response_code or 0
        if code in {429, 503} and self._told_to_wait.isdecimal():
            return self._patience.granted(int(self._told_to_wait))
        return code >= 500 and next(stumbles)

    def _meant(self, error: GitlabError, what: str) -> Stop | GitlabError:  # noqa: PLR0911  one per code
        match error.response_code:
            case int(code) if 300 <= code < 400:
                return _stopped(mishaps.moved(_FORGE, what, self._told_to_go))
            case 401:
                return self._unknown_token()
            case 404 if self.by_job and "Project Not Found" in said(error):
                return self._unknown_token()  # where a token may not, a private project is not there
            case 403:
                return self._forbidden(error, what)
            case 429:
                return _stopped(mishaps.limited(_FORGE, f"in {self._told_to_wait or 60} s"))
            case int(code) if code >= 500:
                return _stopped(mishaps.down(_FORGE, code, _STATUS))
            case _:
                return error

    def _unknown_token(self) -> Stop:
        if self.by_job:
            return stop(
                Exit.FORGE,
                "forge-job-token",
                "the job's own token can't read or open merge requests on this GitLab",
                "set GIT_BILL_TOKEN (masked, protected) to a personal, group or project token with the scope api; "
                "on gitlab.com project tokens need Premium, a personal one does not",
            )
        return stop(
            Exit.FORGE,
            "forge-unauthorized",
            "GitLab does not accept the token: it is wrong, expired or revoked",
            "set GIT_BILL_TOKEN to a personal, group or project token with the scope api",
        )

    def _forbidden(self, error: GitlabError, what: str) -> Stop:
        if self.by_job:
            return self._unknown_token()
        if "insufficient_scope" in str(error.error_message):
            return stop(
                Exit.FORGE,
                "forge-scope",
                f"the token's scopes do not allow {what}",
                "make a token with the scope api, and set GIT_BILL_TOKEN to it",
            )
        return stop(
            Exit.FORGE,
            "forge-forbidden",
            f"GitLab forbids {what}: {said(error)}",
            f"the token's account needs the role Developer in the project, and the feature must be on: {_SETTINGS}",
        )


def said(error: GitlabError) -> str:
    """What GitLab says, on one line that no terminal obeys; its messages may be lists or tables of fields."""
    words: Any = error.error_message
    if isinstance(words, dict):
        words = "; ".join(f"{field} {reason}" for field, reason in words.items())
    if isinstance(words, list):
        words = "; ".join(map(str, words))
    return plain(str(words))


def unreadable(words: str) -> Stop:
    """An answer that is not GitLab's."""
    return _stopped(mishaps.unreadable(_FORGE, "use it", words, "https://gitlab.example.com"))


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Turn what GitLab does not have, or does not want, into a Stop (exit 5) that says what it was to do."""
    try:
        yield
    except (GitlabParsingError, KeyError) as error:
        raise unreadable(str(error)) from None
    except GitlabError as error:
        if error.response_code == 404:
            raise stop(
                Exit.FORGE,
                "forge-not-found",
                f"GitLab can't {what}: it shows no such thing to this token",
                "check the address; the token's account must be a member of the project",
            ) from None
        message = f"GitLab can't {what}: {said(error)}"
        raise stop(Exit.FORGE, "forge-rejected", message, "mend what it names and run again") from None


def _stopped(problem: Problem) -> Stop:
    return Stop(Exit.FORGE, [problem])
