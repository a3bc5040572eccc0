"""How tests look at the testbed's GitHub with a client that others wrote."""

import github as pygithub
from github.Repository import Repository as Seen
from tests.testbed.github import MIRA, GitHub, Repository


def client(github: GitHub, token: str) -> pygithub.Github:
    """PyGithub, without waiting between requests and without trying again."""
    return pygithub.Github(
        base_url=github.api,
        auth=pygithub.Auth.Token(token),
        retry=0,
        timeout=5,
        seconds_between_requests=None,
        seconds_between_writes=None,
    )


def see(repository: Repository, token: str = MIRA.token) -> Seen:
    """A repository through PyGithub."""
    return client(repository.github, token).get_repo(repository.full_name)
