"""Requests made up from the description, fitting and not: no fault of ours, and no answer that is not described."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS
from sqlalchemy.orm import Session

from organizer.domain.door import DeviceKind, TokenScope
from organizer.web.openapi import ROOT
from organizer.web.unit import App
from tests.api.apps import device_of, token_of
from tests.api.contract import Contract
from tests.checkin.rows import make_evening

EACH = 8
WANTED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)


@pytest.mark.parametrize(
    ("who", "mode"),
    [
        ("device", GenerationMode.POSITIVE),
        ("device", GenerationMode.NEGATIVE),
        ("guest", GenerationMode.NEGATIVE),
        ("host", GenerationMode.POSITIVE),
    ],
)
def test_whatever_is_sent_is_answered_as_described(
    app: App, rows: Session, who: str, mode: GenerationMode
) -> None:
    evening = make_evening(rows, 3)
    text = {
        "device": lambda: device_of(rows, evening.event),
        "guest": lambda: device_of(rows, evening.event, DeviceKind.GUEST),
        "host": lambda: token_of(rows, evening.circle, TokenScope.DOOR),
    }[who]()
    rows.commit()
    real = {
        "event": evening.event.public_id,
        "registration": evening.guests[0].registration.public_id,
        "key": "key-00000000000000000001",
        "problem": "malformed",
    }
    contract = Contract(app)
    schema = schemathesis.openapi.from_wsgi(f"{ROOT}/openapi.json", app)
    checks = CHECKS.get_by_names(WANTED)
    for result in schema.get_all_operations():
        operation = result.ok()
        takes = any((operation.path_parameters, operation.query, operation.headers, operation.body))
        if mode is GenerationMode.NEGATIVE and not takes:
            continue
        sent = 0

        @seed(20261203)
        @settings(
            max_examples=EACH,
            deadline=None,
            database=None,
            derandomize=False,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def send(case: schemathesis.Case) -> None:
            nonlocal sent
            sent += 1
            if sent % 4:
                case.path_parameters = {name: real[name] for name in case.path_parameters}
            answer = case.call(headers={"Authorization": f"Bearer {text}"})
            case.validate_response(answer, checks=checks)

        send()
    assert not contract.faults
