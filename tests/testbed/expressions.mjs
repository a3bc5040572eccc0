// GitHub's own expression evaluator over plain objects.
import { Evaluator, Lexer, Parser, data } from "@actions/expressions";

function wrapped(value) {
  if (value === null || value === undefined) return new data.Null();
  if (typeof value === "string") return new data.StringData(value);
  if (typeof value === "number") return new data.NumberData(value);
  if (typeof value === "boolean") return new data.BooleanData(value);
  if (Array.isArray(value)) return new data.Array(...value.map(wrapped));
  return new data.Dictionary(...Object.entries(value).map(([key, item]) => ({ key, value: wrapped(item) })));
}

function statusFunctions({ failed = false, cancelled = false } = {}) {
  const functions = {
    success: () => !failed && !cancelled,
    failure: () => failed && !cancelled,
    always: () => true,
    cancelled: () => cancelled,
  };
  return Object.entries(functions).map(([name, value]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value()),
  }));
}

function result(expression, contexts, status) {
  const functions = statusFunctions(status);
  const tokens = new Lexer(expression).lex().tokens;
  const tree = new Parser(tokens, Object.keys(contexts), functions).parse();
  const found = new Map(functions.map((each) => [each.name, each]));
  return new Evaluator(tree, wrapped(contexts), found).evaluate();
}

// A text with its `${{ }}` filled in.
export function fill(text, contexts, status) {
  if (text === undefined || text === null) return "";
  return String(text).replace(/\$\{\{(.*?)\}\}/gs, (_, inner) => result(inner.trim(), contexts, status).coerceString());
}

// The values of a mapping, filled in.
export function fillAll(mapping, contexts) {
  return Object.fromEntries(Object.entries(mapping ?? {}).map(([name, value]) => [name, fill(value, contexts)]));
}

// Whether an `if:` holds. One that asks for no status means success() too.
export function evaluate(condition, contexts, status) {
  const bare = String(condition ?? "success()").trim().replace(/^\$\{\{(.*)\}\}$/s, "$1").trim() || "success()";
  const asks = /\b(always|failure|cancelled|success)\s*\(/.test(bare);
  const found = result(asks ? bare : `success() && (${bare})`, contexts, status).coerceString();
  return !["false", "0", "", "NaN"].includes(found);
}
