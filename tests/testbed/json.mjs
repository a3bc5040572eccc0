// The parser's packages import JSON as older versions of node allowed it. Load this first: `node --import ./json.mjs`.
import { registerHooks } from "node:module";

const typed = (url, context) => (url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context);

registerHooks({
  resolve: (specifier, context, next) => next(specifier, typed(specifier, context)),
  load: (url, context, next) => next(url, typed(url, context)),
});
