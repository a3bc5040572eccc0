"""What was booked on a project's issues and merge requests: GitLab's GraphQL API lists it, its REST API does not."""

from datetime import datetime

from git_bill.adapters.gitlab.client import Client
from git_bill.adapters.gitlab.records import Answer, instant
from git_bill.forge import Booking

_QUERY = """query Bookings($path: ID!, $since: Time, $after: String) {
  project(fullPath: $path) {
    timelogs(startTime: $since, first: 100, after: $after) {
      nodes { timeSpent spentAt user { username } issue { iid title } mergeRequest { iid title } }
      pageInfo { hasNextPage endCursor }
    }
  }
}"""


def bookings(client: Client, repository: str, since: datetime | None) -> tuple[Booking, ...] | None:
    """All since an instant; None where this GitLab or this token does not tell (before 14.1, or a job's own token)."""
    found: list[Booking] = []
    after = None
    while not client.by_job:
        asked = {"path": repository, "since": since.isoformat() if since else None, "after": after}
        project = (client.question(_QUERY, asked) or {}).get("project")
        if project is None:
            return None
        page = project["timelogs"]
        found += (_booking(node) for node in page["nodes"] if node["user"] is not None)  # an account may be removed
        told = page["pageInfo"]
        if not told["hasNextPage"] or told["endCursor"] in {None, after}:
            return tuple(found)
        after = told["endCursor"]
    return None


def _booking(node: Answer) -> Booking:
    issue, request = node.get("issue"), node.get("mergeRequest")
    on = issue or request or {}
    return Booking(
        account=node["user"]["username"],
        ticket=f"{'#' if issue else '!'}{on['iid']}" if on else "",
        title=on.get("title") or "",
        at=instant(node["spentAt"]),
        seconds=node["timeSpent"],
    )
