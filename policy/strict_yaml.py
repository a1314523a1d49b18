"""YAML that says everything once: a doubled key would let the later line silently replace the one that was reviewed."""

from __future__ import annotations

from collections.abc import Hashable

import yaml

from domain.errors import Broken


class _OnceLoader(yaml.SafeLoader):
    """The safe loader, without doubled keys. It makes plain values alone."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        """As the safe loader does, after a look at the keys. Raises ConstructorError on a doubled one."""
        keys = [key.value for key, _ in node.value]
        if len(set(map(str, keys))) != len(keys):
            raise yaml.constructor.ConstructorError(None, None, "a key stands twice", node.start_mark)
        return super().construct_mapping(node, deep=deep)


def load_once(content: bytes) -> object:
    """The plain value of one YAML document. Raises Broken if it cannot be read or says something twice."""
    try:
        return yaml.load(content, Loader=_OnceLoader)  # noqa: S506 - a subclass of the safe loader
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Broken(cause=f"YAML cannot be read: {type(error).__name__}") from error
