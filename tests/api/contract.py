"""Holds every answer of the API against its own description, and takes no field that is not described."""

import copy
import re
from typing import Any

import jsonschema_rs
from flask import Response, request

from organizer.web.openapi import document
from organizer.web.unit import App

Schema = dict[str, Any]
READING = ("GET", "POST", "DELETE")


def description(app: App) -> Schema:
    """The API's description, in English."""
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        return document(app, "http://localhost")


def closed(schema: Any) -> Any:
    """The same schema with every object that names its fields taking no others."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(inner) for name, inner in schema.items()}
    if found.get("type") in ("object", ["object", "null"]) and isinstance(found.get("properties"), dict):
        found.setdefault("additionalProperties", False)
    return found


class Contract:
    """What the description says of answers; `faults` are those that did otherwise, `answered` what was answered."""

    def __init__(self, app: App) -> None:
        self.document = description(app)
        self.faults: list[str] = []
        self.answered: set[tuple[str, str, int]] = set()
        self._components = closed(copy.deepcopy(self.document["components"]))
        self._validators: dict[str, Any] = {}
        app.after_request(self._look)

    def _look(self, response: Response) -> Response:
        if request.url_rule is None or request.method not in READING:
            return response
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", request.url_rule.rule)
        operation = self.document["paths"].get(path, {}).get(request.method.lower())
        if operation is not None:
            self.answered.add((request.method, path, response.status_code))
            fault = self._fault(operation, response)
            if fault:
                self.faults.append(f"{request.method} {path} {response.status_code}: {fault}")
        return response

    def _fault(self, operation: Schema, response: Response) -> str | None:
        told = operation["responses"].get(str(response.status_code))
        if told is None or response.status_code >= 500:
            return (
                f"a status that is not described, or a fault of ours: {response.get_data(as_text=True)[:200]}"
            )
        if response.status_code == 304:
            return None  # a body, if there is one, is left out when it is sent
        if response.mimetype not in told["content"]:
            return f"as {response.mimetype}"
        schema = told["content"][response.mimetype].get("schema")
        if schema is None:
            return None
        errors = [str(error.message) for error in self.validator(schema).iter_errors(response.get_json())]
        return "; ".join(errors)[:600] or None

    def validator(self, schema: Schema) -> Any:
        """A validator of a schema of the document, closed."""
        key = repr(schema)
        if key not in self._validators:
            whole = {**closed(schema), "components": self._components}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        return self._validators[key]
