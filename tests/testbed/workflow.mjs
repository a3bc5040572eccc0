// Runs a workflow file on this machine with GitHub's own parser and expression evaluator: `node workflow.mjs spec.json`.
// Says first (one line) which jobs there are and what their tokens may do; is given the tokens; says then how it went.
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { NoOperationTraceWriter, convertWorkflowTemplate, parseWorkflow } from "@actions/workflow-parser";
import YAML from "yaml";
import { evaluate, fill, fillAll } from "./expressions.mjs";
import { runSteps, state } from "./steps.mjs";
import { triggered } from "./triggers.mjs";

const spec = JSON.parse(readFileSync(process.argv[2], "utf8"));
const say = (document) => process.stdout.write(`${JSON.stringify(document)}\n`);

const content = readFileSync(spec.workflow, "utf8");
const parsed = parseWorkflow({ name: spec.workflow, content }, new NoOperationTraceWriter());
if (parsed.value) await convertWorkflowTemplate(parsed.context, parsed.value);
const errors = parsed.context.errors.getErrors().map((error) => error.message);
const workflow = YAML.parse(content);

const starts = errors.length === 0 && triggered(workflow.on, spec);
say({ errors, starts, jobs: starts ? Object.entries(workflow.jobs).map(plan) : [] });
if (starts) {
  process.on("SIGTERM", () => state.cancel());
  spec.tokens = JSON.parse(readFileSync(0, "utf8"));
  say(await runJobs());
}

function plan([id, job]) {
  return { id, permissions: granted(job.permissions ?? workflow.permissions) };
}

// What the job's token may do: all that is not named is none; nothing said means the repository's default, read.
function granted(permissions) {
  if (permissions === undefined || permissions === null) return { contents: "read", packages: "read" };
  const all = ["actions", "checks", "contents", "issues", "packages", "pull-requests", "statuses"];
  if (permissions === "read-all" || permissions === "write-all")
    return Object.fromEntries(all.map((name) => [name, permissions.split("-")[0]]));
  return permissions;
}

function concurrency(declared, contexts) {
  if (!declared) return null;
  const whole = typeof declared === "string" ? { group: declared } : declared;
  return {
    group: fill(whole.group, contexts),
    cancel_in_progress: fill(whole["cancel-in-progress"] ?? false, contexts) === "true",
  };
}

async function runJobs() {
  const done = {};
  const waiting = Object.entries(workflow.jobs);
  while (waiting.length > 0) {
    const next = waiting.findIndex(([, job]) => [job.needs ?? []].flat().every((need) => need in done));
    const [[id, job]] = waiting.splice(next, 1);
    done[id] = await runJob(id, job, done);
  }
  return Object.values(done);
}

async function runJob(id, job, done) {
  const needed = [job.needs ?? []].flat();
  const needs = Object.fromEntries(
    needed.map((need) => [need, { result: done[need].conclusion, outputs: done[need].outputs }]),
  );
  const token = spec.tokens[id];
  const workspace = path.join(spec.workspaces, id);
  mkdirSync(workspace, { recursive: true });
  const contexts = {
    github: { ...spec.github, job: id, token, workspace, workflow: workflow.name ?? spec.workflow },
    inputs: { ...inputDefaults(), ...spec.inputs },
    secrets: { ...spec.secrets, GITHUB_TOKEN: token },
    vars: spec.vars,
    needs,
    env: {},
    runner: { os: "Linux", arch: "X64", name: "testbed", temp: spec.temp, tool_cache: spec.temp, debug: "" },
    job: { status: "success" },
    matrix: {},
    strategy: {},
  };
  const report = {
    id,
    conclusion: "skipped",
    outputs: {},
    steps: [],
    permissions: granted(job.permissions ?? workflow.permissions),
    concurrency: concurrency(job.concurrency, contexts) ?? concurrency(workflow.concurrency, contexts),
  };
  const failed = needed.some((need) => done[need].conclusion !== "success");
  if (!evaluate(job.if, contexts, { failed, cancelled: state.cancelled })) return report;
  if (!job.steps) throw new Error(`job ${id}: the testbed runs jobs with steps only`);

  contexts.env = fillAll(workflow.env, contexts);
  contexts.env = { ...contexts.env, ...fillAll(job.env, contexts) };
  const scope = {
    spec: { ...spec, workspace, path: [...spec.path] },
    contexts: { ...contexts, steps: {} },
    added: {},
    defaults: { ...workflow.defaults?.run, ...job.defaults?.run },
    masks: Object.values(contexts.secrets).filter(Boolean),
    reports: report.steps,
  };
  const outcome = await runSteps(job.steps, scope);
  report.conclusion = state.cancelled ? "cancelled" : outcome.failed ? "failure" : "success";
  report.outputs = fillAll(job.outputs, scope.contexts);
  return report;
}

function inputDefaults() {
  const declared = workflow.on?.workflow_dispatch?.inputs ?? {};
  return Object.fromEntries(Object.entries(declared).map(([name, input]) => [name, input?.default ?? ""]));
}
