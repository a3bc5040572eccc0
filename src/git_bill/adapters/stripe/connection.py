"""The way to Stripe's API: no redirection is followed, no answer is endless, no other login replaces the key."""

import io

import requests

_MOST = 20 * 1024 * 1024  # bytes of an answer; a hundred movements have a few hundred thousand
_PIECE = 65_536


class Session(requests.Session):
    """What Stripe's library asks through. An answer that is too long counts as none."""

    def __init__(self) -> None:
        super().__init__()
        self.auth = lambda request: request  # without it, what a `.netrc` has for the host would take the key's place

    def request(self, *about: object, **sent: object) -> requests.Response:
        """A redirection is the answer: followed, it would take the key along."""
        sent |= {"allow_redirects": False, "stream": True}
        with super().request(*about, **sent) as found:  # type: ignore[arg-type]
            answer = requests.Response()
            answer.status_code, answer.headers = found.status_code, found.headers
            answer.raw = io.BytesIO(_content(found))
        return answer


def _content(response: requests.Response) -> bytes:
    content = bytearray()
    for piece in response.iter_content(_PIECE):
        content += piece
        if len(content) > _MOST:
            return b""
    return bytes(content)
