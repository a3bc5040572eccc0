// Steps of a job or of a composite action: shell scripts, actions from the disk, the checkout; with real runner files.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { NoOperationTraceWriter } from "@actions/workflow-parser";
import { parseAction } from "@actions/workflow-parser/actions/index";
import YAML from "yaml";
import { checkout } from "./checkout.mjs";
import { evaluate, fill, fillAll } from "./expressions.mjs";
import { Log } from "./log.mjs";

const SHELLS = {
  undefined: ["bash", "-e"],
  bash: ["bash", "--noprofile", "--norc", "-eo", "pipefail"],
  sh: ["sh", "-e"],
  python: ["python"],
};
const NOTHING_TO_DO = /^actions\/(setup-python|cache|upload-artifact|download-artifact)@/;
const GRACE = 1000; // milliseconds between the polite signal and the other one

// One run can be cancelled once; the child that runs then hears of it.
export const state = {
  cancelled: false,
  child: null,
  cancel() {
    this.cancelled = true;
    const { child } = this;
    if (!child) return;
    signal(child, "SIGINT");
    setTimeout(() => signal(child, "SIGKILL"), GRACE).unref();
  },
};

function signal(child, name) {
  try {
    process.kill(-child.pid, name);
  } catch {
    // It has ended.
  }
}

export async function runSteps(steps, scope) {
  let failed = false;
  for (const [index, step] of steps.entries()) {
    const id = step.id ?? `__${index + 1}`;
    const contexts = { ...scope.contexts, env: { ...scope.contexts.env, ...scope.added } };
    contexts.env = { ...contexts.env, ...fillAll(step.env, contexts) };
    const name = fill(step.name ?? step.run?.split("\n")[0] ?? step.uses, contexts);
    const report = { id, name, outcome: "skipped", conclusion: "skipped", outputs: {}, log: "", raw: "", annotations: [], summary: "" };
    scope.reports.push(report);
    if (evaluate(step.if, contexts, { failed, cancelled: state.cancelled })) {
      const done = await runStep(step, { ...scope, contexts }, report);
      report.outcome = state.cancelled && !done.ok ? "cancelled" : done.ok ? "success" : "failure";
      const forgiven = fill(step["continue-on-error"] ?? false, contexts) === "true";
      report.conclusion = forgiven && report.outcome === "failure" ? "success" : report.outcome;
      report.outputs = done.outputs;
      failed ||= report.conclusion === "failure";
    }
    scope.contexts.steps[id] = { outputs: report.outputs, outcome: report.outcome, conclusion: report.conclusion };
  }
  return { failed };
}

async function runStep(step, scope, report) {
  const log = new Log(scope.masks, report);
  try {
    if (step.run !== undefined) return await runScript(step, scope, log);
    return await runAction(step, scope, log);
  } catch (error) {
    log.write(`##[error]${error.message}\n`);
    return { ok: false, outputs: {} };
  } finally {
    log.end();
  }
}

async function runAction(step, scope, log) {
  const { spec, contexts } = scope;
  const inputs = fillAll(step.with, contexts);
  if (step.uses.startsWith("actions/checkout@")) return await checkout(inputs, scope, log, start);
  if (NOTHING_TO_DO.test(step.uses)) return { ok: true, outputs: {} };
  const [named] = step.uses.split("@");
  const folder = step.uses.startsWith("./") ? path.join(spec.workspace, step.uses) : spec.actions[named];
  if (!folder) throw new Error(`Unable to resolve action ${step.uses}: the testbed does not know it`);
  return await runComposite(folder, inputs, scope, log);
}

async function runComposite(folder, given, scope, log) {
  const file = ["action.yml", "action.yaml"].map((name) => path.join(folder, name)).find(existsSync);
  if (!file) throw new Error(`Can't find 'action.yml' under '${folder}'. Did you forget to run actions/checkout?`);
  const content = readFileSync(file, "utf8");
  const parsed = parseAction({ name: file, content }, new NoOperationTraceWriter());
  const errors = parsed.context.errors.getErrors().map((error) => error.message);
  if (errors.length > 0) throw new Error(errors.join("; "));
  const action = YAML.parse(content);
  if (action.runs.using !== "composite") throw new Error(`the testbed runs composite actions only: ${file}`);

  const declared = action.inputs ?? {};
  for (const name of Object.keys(given)) if (!(name in declared)) log.write(`##[warning]Unexpected input(s) '${name}'\n`);
  const { secrets: _, ...visible } = scope.contexts;
  const inputs = fillAll(Object.fromEntries(Object.entries(declared).map(([name, input]) => [name, given[name] ?? input?.default ?? ""])), visible);
  const inner = {
    ...scope,
    contexts: { ...visible, inputs, steps: {}, github: { ...visible.github, action_path: folder } },
    defaults: {},
  };
  const { failed } = await runSteps(action.runs.steps, inner);
  const outputs = fillAll(Object.fromEntries(Object.entries(action.outputs ?? {}).map(([name, output]) => [name, output.value])), inner.contexts);
  return { ok: !failed, outputs };
}

async function runScript(step, scope, log) {
  const { spec, contexts } = scope;
  const folder = mkdtempSync(path.join(spec.temp, "step-"));
  const files = Object.fromEntries(
    ["OUTPUT", "ENV", "PATH", "STEP_SUMMARY", "STATE"].map((name) => [`GITHUB_${name}`, path.join(folder, name)]),
  );
  for (const file of Object.values(files)) writeFileSync(file, "");
  const shell = fill(step.shell ?? scope.defaults.shell, contexts) || undefined;
  if (!SHELLS[shell]) throw new Error(`the testbed has no shell ${shell}`);
  const script = path.join(folder, "script");
  writeFileSync(script, fill(step.run, contexts));
  const where = fill(step["working-directory"] ?? scope.defaults["working-directory"], contexts);
  const env = { ...environment(scope), ...files };
  const ok = await start([...SHELLS[shell], script], path.resolve(spec.workspace, where), env, log);
  log.summarize(readFileSync(files.GITHUB_STEP_SUMMARY, "utf8"));
  Object.assign(scope.added, assignments(files.GITHUB_ENV));
  spec.path.unshift(...readFileSync(files.GITHUB_PATH, "utf8").split("\n").filter(Boolean));
  return { ok, outputs: assignments(files.GITHUB_OUTPUT) };
}

function environment({ spec, contexts }) {
  const { github, env } = contexts;
  const shown = ["actor", "api_url", "base_ref", "event_name", "event_path", "graphql_url", "head_ref", "job", "ref", "ref_name",
    "ref_protected", "ref_type", "repository", "repository_id", "repository_owner", "run_attempt", "run_id", "run_number",
    "server_url", "sha", "triggering_actor", "workflow", "workspace"]; // the token is not among them
  const variables = Object.fromEntries(shown.map((name) => [`GITHUB_${name.toUpperCase()}`, String(github[name] ?? "")]));
  if (github.action_path) variables.GITHUB_ACTION_PATH = github.action_path;
  return {
    ...spec.host,
    PATH: [...spec.path].join(":"),
    CI: "true",
    GITHUB_ACTIONS: "true",
    RUNNER_OS: "Linux",
    RUNNER_ARCH: "X64",
    RUNNER_TEMP: spec.temp,
    RUNNER_TOOL_CACHE: spec.temp,
    ...variables,
    ...env,
  };
}

// Start a child in a process group of its own; whether it ended well. All that it says goes to the log.
export function start(command, cwd, env, log) {
  return new Promise((resolve) => {
    const child = spawn(command[0], command.slice(1), { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    state.child = child;
    child.stdout.on("data", (data) => log.write(data.toString()));
    child.stderr.on("data", (data) => log.write(data.toString()));
    child.on("error", (error) => log.write(`##[error]${error.message}\n`));
    child.on("close", (code) => {
      state.child = null;
      resolve(code === 0);
    });
  });
}

// `name=value` and `name<<END … END`, as the runner reads them.
function assignments(file) {
  const found = {};
  const lines = readFileSync(file, "utf8").split(/\r?\n/);
  while (lines.length > 0) {
    const line = lines.shift();
    if (line === "") continue;
    const heredoc = line.match(/^([^=<]+)<<(.+)$/);
    if (heredoc) {
      const end = lines.indexOf(heredoc[2]);
      if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${heredoc[2]}'`);
      found[heredoc[1]] = lines.splice(0, end + 1).slice(0, -1).join("\n");
    } else if (line.indexOf("=") > 0) {
      found[line.slice(0, line.indexOf("="))] = line.slice(line.indexOf("=") + 1);
    } else {
      throw new Error(`Invalid format '${line}'`);
    }
  }
  return found;
}
