"""What a piece of Python does, apart from names and literals."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def shape(source: str) -> str:
    """The syntax tree of a module without names and literals; imports in any order."""
    tree = ast.parse(source)
    _Bare().visit(tree)
    for node in ast.walk(tree):
        for part in ("body", "orelse"):
            statements = getattr(node, part, None)
            if isinstance(statements, list):
                setattr(node, part, list(_ordered(statements)))
    return ast.dump(tree)


def statements(source: str) -> set[str]:
    """The shapes of all statements at the top of a module and in its classes, but for imports."""
    tree = ast.parse(source)
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    found = [*tree.body, *(statement for owner in classes for statement in owner.body)]
    told = [_without_classes(s) for s in found if not (isinstance(s, ast.ClassDef) or _imports(s))]
    return {shape(ast.unparse(s)) for s in told}


def _without_classes(statement: ast.stmt) -> ast.stmt:
    """A condition without the classes below it, whose bodies are looked at by themselves."""
    if not isinstance(statement, ast.If):
        return statement
    rest = [s for s in statement.body if not isinstance(s, ast.ClassDef)]
    return ast.If(statement.test, rest or [ast.Pass()], statement.orelse)


def _imports(statement: ast.stmt) -> bool:
    """Whether a statement does nothing but import."""
    if isinstance(statement, ast.If):
        return not statement.orelse and all(map(_imports, statement.body))
    return isinstance(statement, (ast.Import, ast.ImportFrom))


def foreign_names(sources: Iterable[str]) -> set[str]:
    """Names that modules use and do not make themselves, such as builtins."""
    found = set()
    for tree in map(ast.parse, sources):
        nodes = list(ast.walk(tree))
        made = {name for node in nodes for name in _made_by(node)}
        used = (n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))
        found |= set(used) - made
    return found


def called(sources: Iterable[str]) -> set[str]:
    """What is called, written as in the source; classes of the package are all called `Class`."""
    trees = [ast.parse(source) for source in sources]
    classes = {n.name for t in trees for n in ast.walk(t) if isinstance(n, ast.ClassDef)}
    calls = (n.func for t in trees for n in ast.walk(t) if isinstance(n, ast.Call))
    written = (ast.unparse(function) for function in calls)
    return {"Class" if name in classes else name for name in written}


def imported(sources: Iterable[str]) -> set[str]:
    """Modules that are imported from outside the package."""
    found = set()
    for node in (n for source in sources for n in ast.walk(ast.parse(source))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and not node.level:
            found.add(str(node.module))
    return found


class _Bare(ast.NodeTransformer):
    """Replaces names and literals by their kind."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for part in ("id", "arg", "attr", "name", "asname", "module"):
            if isinstance(getattr(node, part, None), str):
                setattr(node, part, "_")
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        node.value = type(node.value).__name__
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        message = f"generated code has an f-string: {ast.unparse(node)}"
        raise AssertionError(message)


def _ordered(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Imports first, in an order that does not depend on names, which ruff sorts them by."""
    imports = [s for s in statements if isinstance(s, (ast.Import, ast.ImportFrom))]
    yield from sorted(imports, key=ast.dump)
    yield from (s for s in statements if not isinstance(s, (ast.Import, ast.ImportFrom)))


def _made_by(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.arg(arg=name):
            yield name
        case ast.AsyncFunctionDef(name=name) | ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.alias(name=name, asname=asname):
            yield asname or name
        case _:
            return
