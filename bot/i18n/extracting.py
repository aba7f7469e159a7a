"""Find the sentences that people read, in source code."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

SAYING = frozenset({"say", "_say", "N_"})
"""Functions whose first argument is a sentence."""
TELLING = frozenset({"message", "hint", "would_tell", "lag"})
"""Parameters and variables that hold sentences."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence for the catalogs."""

    text: str
    many: str = ""
    """Its plural; empty where it has none."""


def sentences(files: Iterable[Path]) -> Iterator[Sentence]:
    """Yield the marked sentences of source files."""
    trees = [ast.parse(path.read_bytes(), filename=str(path)) for path in sorted(files)]
    tellers = dict(_tellers(trees))
    for tree in trees:
        constants = _constants(tree)
        for node in ast.walk(tree):
            yield from (one for one in _of(node, tellers, constants) if one.text.strip())


def _of(
    node: ast.AST, tellers: Mapping[str, dict[str, int]], constants: Mapping[str, ast.expr]
) -> Iterator[Sentence]:
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(target, ast.Name) and target.id in TELLING for target in targets):
            yield from map(Sentence, _texts(node.value, constants))
    if not isinstance(node, ast.Call):
        return
    name = _name(node.func)
    if name == "plural" and len(node.args) >= 2:
        yield from map(Sentence, _texts(node.args[0], constants), _texts(node.args[1], constants))
    elif name in SAYING and node.args:
        yield from map(Sentence, _texts(node.args[0], constants))
    elif name in tellers:
        places = tellers[name]
        told = [node.args[place] for place in places.values() if place < len(node.args)]
        told += [keyword.value for keyword in node.keywords if keyword.arg in places]
        for expression in told:
            yield from map(Sentence, _texts(expression, constants))


def _tellers(trees: Iterable[ast.Module]) -> Iterator[tuple[str, dict[str, int]]]:
    """Functions and classes with such a parameter: name -> (parameter -> position).

    A class takes the parameters of its ``__init__``, of its fields where it is a dataclass, or those of its base.
    """
    own: dict[str, dict[str, int]] = {}
    bases: dict[str, list[str]] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                if node.name != "__init__" and (places := _places([arg.arg for arg in _arguments(node)])):
                    own[node.name] = places
            elif isinstance(node, ast.ClassDef):
                bases[node.name] = [_name(base) for base in node.bases]
                if names := _fields(node):
                    own[node.name] = _places(names)
    for name in {*own, *bases}:
        if places := _inherited(name, own, bases):
            yield name, places


def _inherited(
    name: str, own: Mapping[str, dict[str, int]], bases: Mapping[str, list[str]]
) -> dict[str, int]:
    if name in own:
        return own[name]
    for base in bases.get(name, ()):
        if base != name and (places := _inherited(base, own, bases)):
            return places
    return {}


def _fields(node: ast.ClassDef) -> list[str]:
    """Parameters of the class in order, without ``self``."""
    for one in node.body:
        if isinstance(one, ast.FunctionDef) and one.name == "__init__":
            return [arg.arg for arg in _arguments(one)][1:]
    return [
        one.target.id
        for one in node.body
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    ]


def _arguments(node: ast.FunctionDef) -> list[ast.arg]:
    return [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]


def _places(names: list[str]) -> dict[str, int]:
    names = [name for name in names if name not in ("self", "cls")]
    return {name: place for place, name in enumerate(names) if name in TELLING}


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    """Names that stand for one value in the module."""
    return {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _texts(node: ast.expr, constants: Mapping[str, ast.expr], depth: int = 0) -> list[str]:
    """What an expression may say: itself, either side of a condition, what a constant stands for."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.IfExp):
        return _texts(node.body, constants, depth) + _texts(node.orelse, constants, depth)
    if isinstance(node, ast.BoolOp):
        return [text for value in node.values for text in _texts(value, constants, depth)]
    if isinstance(node, ast.Dict):
        return [text for value in node.values for text in _texts(value, constants, depth)]
    if isinstance(node, ast.Tuple | ast.List):
        return [text for value in node.elts for text in _texts(value, constants, depth)]
    if isinstance(node, ast.Name) and node.id in constants and depth < 4:
        return _texts(constants[node.id], constants, depth + 1)
    return []


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""
