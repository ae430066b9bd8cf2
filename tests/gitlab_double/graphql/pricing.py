"""What a query costs (s9).

GitLab's prices can only be measured on a server; these are formed so that they behave as the quotes do: every field
costs, a connection costs more with its `first`, and a query of five columns costs 15 at 5 rows and 26 at 100.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

FREE = frozenset({"__typename"})
SEARCHED = 5
"""What `search` adds: a list that is searched is dearer."""


class Priced:
    """The price of an operation with its variables."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]) -> None:
        self.schema, self.variables = schema, variables
        self.fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }

    def of(self, operation: OperationDefinitionNode) -> int:
        """Give the price of an operation."""
        root = self.schema.get_root_type(operation.operation)
        return self._selections(operation.selection_set, root)

    def _selections(self, selections: SelectionSetNode | None, parent: Any) -> int:
        """Give the price of what is chosen; of fragments on different types only the dearest is paid."""
        total, branches = 0, [0]
        for one in selections.selections if selections else ():
            if isinstance(one, FieldNode):
                total += self._field(one, parent)
                continue
            on, inside = self._fragment(one, parent)
            price = self._selections(inside, on)
            if on is parent:
                total += price
            else:
                branches.append(price)
        return total + max(branches)

    def _fragment(self, one: Any, parent: Any) -> tuple[Any, SelectionSetNode]:
        made = self.fragments[one.name.value] if isinstance(one, FragmentSpreadNode) else one
        named = made.type_condition
        on = self.schema.type_map.get(named.name.value, parent) if named else parent
        assert isinstance(made, FragmentDefinitionNode | InlineFragmentNode)
        return on, made.selection_set

    def _field(self, one: FieldNode, parent: Any) -> int:
        name = one.name.value
        definition = getattr(parent, "fields", {}).get(name)
        if name in FREE or name.startswith("__") or definition is None:
            return 0
        type_ = get_named_type(definition.type)
        inside = self._selections(one.selection_set, type_)
        if not type_.name.endswith("Connection"):
            return inside + 1
        args = {argument.name.value: self._value(argument.value) for argument in one.arguments or ()}
        price = inside + 2 + (SEARCHED if args.get("search") else 0)
        rows = min(value for value in (args.get("first"), args.get("last"), 100) if isinstance(value, int))
        return int(price + price * rows * 0.01)

    def _value(self, node: Any) -> Any:
        if isinstance(node, VariableNode):
            return self.variables.get(node.name.value)
        if isinstance(node, IntValueNode):
            return int(node.value)
        return getattr(node, "value", True)


def depth(node: Any, fragments: Mapping[str, FragmentDefinitionNode]) -> int:
    """Give how deep a selection is."""
    selections = getattr(node, "selection_set", None)
    below = [0]
    for one in selections.selections if selections else ():
        inner = fragments[one.name.value] if isinstance(one, FragmentSpreadNode) else one
        below.append(depth(inner, fragments) + isinstance(one, FieldNode))
    return max(below)
