"""PayPal's published specifications, cut to what git-bill asks: they judge requests and the fake's answers.

`python -m tests.testbed.paypal_contract FOLDER` cuts them anew out of PayPal's own files.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

Json = dict[str, Any]

FIELDS = Path(__file__).parent / "paypal-2024-02-fields.json"
SPECS = Path(__file__).parents[3] / "shared" / "data" / "specs" / "paypal"  # PayPal's own files, where there are any
OPERATIONS = {
    "reporting_transactions_v1.json": [("get", "/v1/reporting/transactions")],
    "invoicing_v2.json": [
        ("post", "/v2/invoicing/search-invoices"),
        ("post", "/v2/invoicing/invoices"),
        ("get", "/v2/invoicing/invoices/{invoice_id}"),
        ("delete", "/v2/invoicing/invoices/{invoice_id}"),
        ("post", "/v2/invoicing/invoices/{invoice_id}/send"),
        ("post", "/v2/invoicing/invoices/{invoice_id}/cancel"),
    ],
}
_KEPT = ("type", "enum", "pattern", "minLength", "maxLength", "minimum", "maximum", "maxItems")
# What lives elsewhere in an answer, and nobody here asks for.
_LEFT_OUT = frozenset(
    """
    shipping_info cart_info store_info auction_info incentive_info logo_url address phones phone_number refunds tax
    discount shipping custom breakdown gratuity additional_recipients attachments website tax_id additional_notes
    language additional_info insurance_amount sales_tax_amount shipping_amount shipping_discount_amount
    shipping_tax_amount other_amount tip_amount discount_amount credit_term credit_transactional_fee
    credit_promotional_fee annual_percentage_rate available_balance total_amount_range invoice_date_range
    due_date_range creation_date_range minimum_amount_due
    """.split()  # noqa: SIM905  a table, not code
)


def cut(folder: Path) -> Json:
    """Fields of all operations: parameters, body, and answers by status."""
    return {
        f"{method} {path}": _operation(json.loads((folder / name).read_text(encoding="utf-8")), method, path)
        for name, operations in OPERATIONS.items()
        for method, path in operations
    }


def _operation(spec: Json, method: str, path: str) -> Json:
    said = spec["paths"][path][method]
    parameters = [_resolved(spec, each) for each in said.get("parameters", ())]
    query = [each for each in parameters if each["in"] == "query"]
    found: Json = {
        "query": {each["name"]: _schema(spec, each["schema"]) for each in query},
        "needs": [each["name"] for each in query if each.get("required")],
        "answers": {
            status: _schema(spec, content["schema"]) if content else None
            for status, answer in said["responses"].items()
            if status.startswith("2")
            for content in [_resolved(spec, answer).get("content", {}).get("application/json")]
        },
    }
    if "requestBody" in said:
        found["body"] = _schema(spec, said["requestBody"]["content"]["application/json"]["schema"])
    return found


def _resolved(spec: Json, node: Json) -> Json:
    while "$ref" in node:
        section, name = node["$ref"].split("/")[2:4]
        node = {**{key: value for key, value in node.items() if key != "$ref"}, **spec["components"][section][name]}
    return node


def _schema(spec: Json, node: Json) -> Json:
    """Without words; what is said by parts is one; what is not named does not exist."""
    node = _resolved(spec, node)
    kept = {key: node[key] for key in _KEPT if key in node}
    properties = dict(node.get("properties", {}))
    required = list(node.get("required", ()))
    waiting = list(node.get("allOf", ()))
    while waiting:
        part = _resolved(spec, waiting.pop())
        properties |= part.get("properties", {})
        required += part.get("required", ())
        waiting += part.get("allOf", ())
    if properties:
        kept["properties"] = {name: _schema(spec, each) for name, each in properties.items() if name not in _LEFT_OUT}
        kept["additionalProperties"] = False
        if required:
            kept["required"] = sorted(set(required))
    if "items" in node:
        kept["items"] = _schema(spec, node["items"])
    return kept


@cache
def _fields() -> Json:
    found: Json = json.loads(FIELDS.read_text(encoding="utf-8"))
    return found


def operation(method: str, path: str) -> Json | None:
    """What PayPal says of a request; None where there is no such operation."""
    for name, found in _fields().items():
        verb, template = name.split(" ", 1)
        if verb == method.lower() and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            return dict(found)
    return None


def wrong_request(method: str, path: str, query: Mapping[str, str], body: Json | None) -> Iterator[str]:
    """What PayPal would not take, or would ignore without a word."""
    said = operation(method, path)
    if said is None:
        yield f"PayPal has no {method} {path}"
        return
    yield from (f"{name} is missing" for name in said["needs"] if name not in query)
    for name, text in query.items():
        if name not in said["query"]:
            yield f"unknown parameter {name}"
        else:
            yield from _wrong(said["query"][name], _typed(said["query"][name].get("type"), text), name)
    if body is not None:
        yield from _wrong(said["body"], body, "body") if "body" in said else ("it takes no body",)


def wrong_answer(method: str, path: str, status: int, data: Json | None) -> Iterator[str]:
    """What PayPal would never answer."""
    said = operation(method, path)
    if said is None or status >= 400:
        return
    if str(status) not in said["answers"]:
        yield f"PayPal never answers {status} to {method} {path}"
    elif schema := said["answers"][str(status)]:
        yield from _wrong(schema, data, "answer")


def _typed(kind: str | None, text: str) -> object:
    if kind == "integer":
        return int(text) if text.isdecimal() else text
    return text == "true" if kind == "boolean" and text in {"true", "false"} else text


def _wrong(schema: Json, value: object, where: str) -> Iterator[str]:
    for error in import_module("jsonschema").Draft202012Validator(schema).iter_errors(value):
        yield f"{where}/{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"


if __name__ == "__main__":
    lines = [f'"{name}": {json.dumps(said, sort_keys=True)}' for name, said in sorted(cut(Path(sys.argv[1])).items())]
    FIELDS.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
