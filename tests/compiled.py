"""Templates and addresses compiled once a process, for all the apps under test: it took longer than the tests did."""

from collections.abc import Callable
from types import CodeType
from typing import Any

from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

from organizer.web.unit import App

MADE = ("_parts", "_trace", "_converters", "arguments")
BUILDERS = ("_build", "_build_unknown")


class Templates(BytecodeCache):
    """What Jinja has compiled, as long as the source is the same."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self.kept.get(bucket.key, ("", None))
        bucket.code = code if checksum == bucket.checksum else None

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self.kept[bucket.key] = bucket.checksum, bucket.code


class Addresses:
    """What Werkzeug has compiled of rules that are written alike."""

    def __init__(self, compile_rule: Callable[[Rule], None]) -> None:
        self.compile_rule = compile_rule
        self.kept: dict[tuple[object, ...], dict[str, Any]] = {}

    def compile(self, rule: Rule) -> None:
        """Stands in for `Rule.compile`."""
        assert rule.map is not None
        converters = tuple(rule.map.converters.values())
        like = rule.rule, rule.subdomain, rule.host, rule.map.host_matching, rule.merge_slashes
        key = (*like, repr(rule.defaults), converters)
        if key not in self.kept:
            self.compile_rule(rule)
            self.kept[key] = {name: getattr(rule, name) for name in MADE} | {
                name: getattr(rule, name).__func__ for name in BUILDERS
            }
            return
        made = self.kept[key]
        for name in MADE:
            setattr(rule, name, made[name])
        for name in BUILDERS:
            setattr(rule, name, made[name].__get__(rule, None))


def use() -> None:
    """Have every app of this process share them."""
    App.jinja_options = {"bytecode_cache": Templates()}
    addresses = Addresses(Rule.compile)
    Rule.compile = lambda rule: addresses.compile(rule)  # type: ignore[method-assign]
