// Whether `on:` of a workflow lets an event start it: types, branches, tags, paths, cron.

const DEFAULT_TYPES = { pull_request: ["opened", "synchronize", "reopened"] };

export function triggered(on, { event, payload, github, changed }) {
  const declared = typeof on === "string" ? { [on]: null } : Array.isArray(on) ? Object.fromEntries(on.map((name) => [name, null])) : on;
  if (!(event in declared)) return false;
  const filter = declared[event] ?? {};
  if (event === "schedule") return filter.some(({ cron }) => cron === payload.schedule);
  const types = filter.types ? [filter.types].flat() : DEFAULT_TYPES[event];
  if (types && !types.includes(payload.action)) return false;
  if (event === "push") return onPush(filter, github, changed);
  if (event === "pull_request") return passes(filter, "branches", github.base_ref) && onPaths(filter, changed);
  return true;
}

function onPush(filter, github, changed) {
  const tag = github.ref.startsWith("refs/tags/");
  const names = (kind) => filter[kind] !== undefined || filter[`${kind}-ignore`] !== undefined;
  if (tag) return names("tags") ? passes(filter, "tags", github.ref_name) : !names("branches");
  if (!names("branches") && names("tags")) return false;
  return passes(filter, "branches", github.ref_name) && onPaths(filter, changed);
}

function passes(filter, kind, name) {
  if (filter[`${kind}-ignore`]) return !matches([filter[`${kind}-ignore`]].flat(), name);
  return filter[kind] === undefined || matches([filter[kind]].flat(), name);
}

function onPaths(filter, changed) {
  if (filter["paths-ignore"]) return changed.some((path) => !matches([filter["paths-ignore"]].flat(), path));
  return filter.paths === undefined || changed.some((path) => matches([filter.paths].flat(), path));
}

// The last pattern that matches decides; `!` takes back.
function matches(patterns, name) {
  let found = false;
  for (const pattern of patterns) {
    const negative = pattern.startsWith("!");
    if (glob(negative ? pattern.slice(1) : pattern).test(name)) found = !negative;
  }
  return found;
}

// GitHub's filter patterns: `*` stays within a path segment, `**` does not; `?` and `+` repeat what precedes them.
function glob(pattern) {
  const source = pattern.replace(/\*\*\/|\*\*|\*|[.^$(){}|\\]/g, (found) => {
    return { "**/": "(?:.*/)?", "**": ".*", "*": "[^/]*" }[found] ?? `\\${found}`;
  });
  return new RegExp(`^${source}$`);
}
