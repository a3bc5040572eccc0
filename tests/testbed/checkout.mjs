// actions/checkout as it behaves: a real fetch of the event's commit, credentials kept in the clone or not.
import { mkdirSync } from "node:fs";
import path from "node:path";

export async function checkout(inputs, scope, log, start) {
  const { spec, contexts } = scope;
  const { github } = contexts;
  const repository = inputs.repository || github.repository;
  const folder = path.resolve(spec.workspace, inputs.path || ".");
  const token = inputs.token || github.token;
  const depth = Number(inputs["fetch-depth"] || 1);
  const same = repository === github.repository;
  const wanted = inputs.ref || (same ? github.ref : "");
  const commit = inputs.ref ? null : same ? github.sha : null;
  mkdirSync(folder, { recursive: true });

  const env = { ...spec.host, PATH: spec.path.join(":"), GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
  const git = async (...words) => {
    if (!(await start(["git", ...words], folder, env, log))) throw new Error(`The process 'git ${words[0]}' failed`);
  };
  const header = `http.${spec.github.server_url}/.extraheader`;
  const credentials = Buffer.from(`x-access-token:${token}`).toString("base64");
  await git("init", "-q");
  await git("remote", "add", "origin", `${github.server_url}/${repository}`);
  await git("config", "gc.auto", "0");
  await git("config", header, `AUTHORIZATION: basic ${credentials}`);
  await fetch(git, wanted, commit, depth, inputs["fetch-tags"] === "true");
  await place(git, wanted, commit);
  if ((inputs["persist-credentials"] || "true") !== "true") await git("config", "--unset-all", header);
  return { ok: true, outputs: { ref: wanted, commit: commit ?? "" } };
}

// Where a ref arrives in the clone.
function local(ref) {
  if (ref.startsWith("refs/heads/")) return `refs/remotes/origin/${ref.slice("refs/heads/".length)}`;
  if (ref.startsWith("refs/pull/")) return `refs/remotes/pull/${ref.slice("refs/pull/".length)}`;
  return ref;
}

const isCommit = (ref) => /^[0-9a-f]{40}$/.test(ref);
const full = (ref) => (ref.startsWith("refs/") || isCommit(ref) ? ref : `refs/heads/${ref}`);

async function fetch(git, wanted, commit, depth, tags) {
  const ref = wanted ? full(wanted) : "HEAD";
  const source = commit ?? ref;
  const target = ref === "HEAD" ? "refs/remotes/origin/HEAD" : isCommit(ref) ? "" : local(ref);
  const one = target ? `+${source}:${target}` : source;
  if (depth > 0) return await git("fetch", "-q", "--no-tags", ...(tags ? ["--tags"] : []), `--depth=${depth}`, "origin", one);
  await git("fetch", "-q", "--prune", "--tags", "origin", "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*");
  await git("fetch", "-q", "--no-tags", "origin", one);
}

// A branch is checked out as one, at the event's commit; all else leaves the head detached.
async function place(git, wanted, commit) {
  const ref = wanted ? full(wanted) : "refs/remotes/origin/HEAD";
  if (ref.startsWith("refs/heads/")) return await git("checkout", "-q", "--force", "-B", ref.slice("refs/heads/".length), local(ref));
  await git("checkout", "-q", "--force", "--detach", commit ?? local(ref));
}
