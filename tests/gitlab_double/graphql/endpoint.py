"""`POST /api/graphql`: read, weighed, refused or executed (s9)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    execute_sync,
    parse,
    validate,
)

from tests.gitlab_double.graphql import fields, pricing
from tests.gitlab_double.graphql.schema import schema
from tests.gitlab_double.graphql.serving import FIELDS, Connection, Context, Node, NotServed
from tests.gitlab_double.rest.asking import Answer
from tests.gitlab_double.sending import Incoming
from tests.gitlab_double.tokens import Held
from tests.gitlab_double.world import merging
from tests.gitlab_double.world.world import World

LONGEST = 10_000  # characters of the whole request, of all of a multiplex (s9)
MOST_ERRORS = 5


def answer(world: World, held: Held, incoming: Incoming) -> Answer:
    """Answer one query, or several that came as a list (s9: each is priced alone, the text is counted together)."""
    if held.token and not {"api", "read_api"} & set(held.token.scopes) and not held.token.granular:
        return Answer(401, _errors("Invalid token"))
    body = incoming.body
    queries = body if isinstance(body, list) else [body]
    if not all(isinstance(one, dict) and isinstance(one.get("query"), str) for one in queries):
        return Answer(422, _errors("Unexpected end of document"))
    if sum(len(one["query"]) for one in queries) > LONGEST:
        return Answer(200, _errors("Query too large"))
    answers = [{**_one(world, held, one), "correlationId": "DOUBLE"} for one in queries]
    return Answer(200, answers if isinstance(body, list) else answers[0])


def _errors(*messages: str) -> dict[str, Any]:
    return {"errors": [{"message": message} for message in messages]}


def _one(world: World, held: Held, sent: dict[str, Any]) -> dict[str, Any]:
    document, wrong = _read(sent["query"])
    if document is None or wrong:
        return {"errors": [_shown(error) for error in wrong]}
    operation = _operation(document, sent.get("operationName"))
    if operation is None:
        return _errors("An operation name is required")
    variables = sent.get("variables") or {}
    site = world.site
    limit = site.complexity + 50 * bool(held.user and held.user.admin) if held.user else site.anonymous_complexity
    price = pricing.Priced(schema(), document, variables).of(operation)
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    deep = pricing.depth(operation, fragments)
    if deep > site.depth:
        return _errors(f"Query has depth of {deep}, which exceeds max depth of {site.depth}")
    if price > limit:  # s9: 200, and nothing else in the body
        return _errors(f"Query has complexity of {price}, which exceeds max complexity of {limit}")
    return _executed(document, sent, Context(world, held.user, price, limit))


@lru_cache(maxsize=512)
def _read(text: str) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
    """Read a query and hold it to the schema, once for each text: that is most of what answering one takes."""
    try:
        document = parse(text)
    except GraphQLSyntaxError as error:
        return None, (error,)
    # s9: validation stops after 5 errors
    return document, tuple(validate(schema(), document, max_errors=MOST_ERRORS)[:MOST_ERRORS])


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    found = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if name:
        return next((one for one in found if one.name and one.name.value == name), None)
    return found[0] if len(found) == 1 else None


def _executed(document: DocumentNode, sent: dict[str, Any], context: Context) -> dict[str, Any]:
    result = execute_sync(
        schema(),
        document,
        root_value=Node("Query", None),
        context_value=context,
        variable_values=sent.get("variables"),
        operation_name=sent.get("operationName"),
        field_resolver=_resolve,
        type_resolver=_type_of,
    )
    for error in result.errors or ():
        if error.original_error is not None and not isinstance(error.original_error, GraphQLError):
            raise error.original_error
    for thing in {id(one): one for one in context.looked_at}.values():
        merging.think(context.world, thing)
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        body["errors"] = [_shown(error) for error in result.errors]
    return body


def _shown(error: GraphQLError) -> dict[str, Any]:
    shown: dict[str, Any] = {"message": error.message}
    if error.locations:
        shown["locations"] = [{"line": one.line, "column": one.column} for one in error.locations]
    if error.path:
        shown["path"] = list(error.path)
    return shown


def _resolve(source: Any, info: Any, **args: Any) -> Any:
    """Give a field from what was registered for it, a connection or a mapping; anything else is not served."""
    name = info.field_name
    if isinstance(source, Connection):
        if name == "edges":
            places = range(*source.page)
            pairs = zip(source.shown, places, strict=True)
            return [{"node": one, "cursor": fields.cursor(place)} for one, place in pairs]
        if name == "nodes":
            return source.shown
        return source.info if name == "pageInfo" else len(source.items)  # `count` counts them all
    if isinstance(source, dict) and name in source:
        return source[name]
    resolver = FIELDS.get((info.parent_type.name, name))
    if resolver is None:
        raise NotServed(f"{info.parent_type.name}.{name} is in GitLab's schema, and the double has nothing for it yet")
    return resolver(source.value if isinstance(source, Node) else source, info.context, args)


def _type_of(value: Any, _info: Any, _type: Any) -> str:
    return fields.type_name(value)
