"""Time tracking of the GitLab facade: its GraphQL API, by the part of GitLab's schema that tells of bookings."""

import functools
from datetime import datetime
from typing import Any

import graphql
from tests.testbed.gitlab_store import Call, Endpoint, Failed, Json

# docs.gitlab.com, "GraphQL API resources": Query.project, Project.timelogs, Timelog.
_SCHEMA = """
scalar Time
type Query { project(fullPath: ID!): Project }
type Project {
  name: String!
  timelogs(startDate: Time, endDate: Time, startTime: Time, endTime: Time, username: String,
           first: Int, after: String, last: Int, before: String): TimelogConnection
}
type TimelogConnection { nodes: [Timelog], pageInfo: PageInfo!, count: Int! }
type Timelog {
  issue: Issue, mergeRequest: MergeRequest, spentAt: Time, summary: String, timeSpent: Int!, user: UserCore!
}
type Issue { iid: ID!, title: String!, timeEstimate: Int! }
type MergeRequest { iid: String!, title: String!, timeEstimate: Int! }
type UserCore { username: String!, name: String! }
type PageInfo { hasNextPage: Boolean!, hasPreviousPage: Boolean!, endCursor: String, startCursor: String }
"""
PAGE = 3  # nodes of a page, whatever was asked for: tests need no hundreds of bookings


@functools.cache
def _schema() -> graphql.GraphQLSchema:
    return graphql.build_schema(_SCHEMA)


def answer(call: Call) -> Json:
    """What a query is answered; an unknown field is told as GitLab tells it, with status 200."""

    def project(_: object, fullPath: str) -> Json | None:  # noqa: N803  GitLab's name
        try:
            found = call.store.project(fullPath, call.user)
        except Failed:
            return None
        return {"name": found.facts["name"], "timelogs": functools.partial(_timelogs, found.timelogs)}

    call.need("query")
    ran = graphql.graphql_sync(
        _schema(), call.data["query"], {"project": project}, variable_values=call.data.get("variables")
    )
    told: Json = {} if ran.data is None else {"data": ran.data}
    if ran.errors:
        told["errors"] = [{"message": error.message} for error in ran.errors]
    return told


def _timelogs(logs: list[Json], _: object, startTime: str | None = None, **asked: Any) -> Json:  # noqa: N803
    since = datetime.fromisoformat(startTime) if startTime else None
    found = [log for log in logs if since is None or datetime.fromisoformat(log["spentAt"]) >= since]
    start = int(asked.get("after") or 0)
    end = start + min(PAGE, asked.get("first") or 100)
    return {"nodes": found[start:end], "pageInfo": {"hasNextPage": end < len(found), "endCursor": str(end)}}


ENDPOINTS: dict[str, Endpoint] = {"POST /api/graphql": answer}
