"""GitLab: merge requests, notes, approvals, commit statuses, issues with their times."""
