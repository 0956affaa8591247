"""Which parameters a dkfds macro reads, found in the macro itself, and which its .yaml calls required.

A macro silently ignores what it does not know, so a misspelt parameter shows as a missing hint on a page
nobody looks at. The .yaml alone will not do as the judge: some describe another macro than the one shipped
(stepguide), and some leave out what is read (breadcrumbs: html).
"""

import re

from jinja2 import nodes

EACH = "*"  # an element of a list
ANY = "**"  # pairs of a mapping: whatever name


class Known:
    """One parameter and those below it. `same` points to other macros it is handed on to, itself perhaps."""

    def __init__(self):
        self.below = {}
        self.same = []
        self.required = set()
        self.tested = False  # the macro asks whether it is there, so it may be left out

    def child(self, name):
        return self.below.setdefault(name, Known())

    def everything(self):
        seen, todo = [], [self]
        while todo:
            here = todo.pop()
            if here not in seen:
                seen.append(here)
                todo += here.same
        return seen

    def names(self):
        return {name for here in self.everything() for name in here.below}

    def find(self, name):
        found = [here.below[name] for here in self.everything() if name in here.below]
        if len(found) <= 1:
            return found[0] if found else None
        both = Known()
        both.same = found
        return both


def at(known, path):
    for name in path:
        known = known and (known.find(name) or known.find(ANY))
    return known


def check(component, given, known):
    missing = known.required - {name for name, value in given.items() if value is not None}
    if missing:
        raise TypeError(f"dkfds {component} needs {', '.join(sorted(missing))}")
    _check(component, given, known, ())


def _check(component, value, known, path):
    where = ".".join(path) or "parameters"
    named = known.names() - {EACH, ANY}
    if isinstance(value, str) and named:
        raise TypeError(f"dkfds {component} takes {', '.join(sorted(named))} in {where}, not text")
    if isinstance(value, dict):
        if not named and path and "attributes" in path:
            return  # printed as name="value" pairs
        if known.find(ANY):
            return
        unknown = set(value) - known.names()
        if unknown:
            allowed = ", ".join(sorted(known.names() - {EACH})) or "text"
            raise TypeError(f"dkfds {component} does not read {sorted(unknown)} in {where}; it reads {allowed}")
        for name, inner in value.items():
            _check(component, inner, known.find(name), (*path, name))
    elif isinstance(value, list | tuple):
        each = known.find(EACH)
        if each is None:
            raise TypeError(f"dkfds {component} takes no list in {where}")
        for inner in value:
            _check(component, inner, each, (*path, EACH))


def known(name, environment, files, folder):
    """The tree of parameters of one macro."""
    reader = _Reader(environment, files, folder)
    arguments = reader.macro(name)
    tree = arguments.find("params") or Known()
    described = _required(folder / files[name].replace(".njk", ".yaml"), name)
    tree.required = {each for each in described & tree.names() if not tree.find(each).tested}
    return tree


class _Reader:
    def __init__(self, environment, files, folder):
        self.environment, self.files, self.folder = environment, files, folder
        self.done = {}
        self.parsed = {}

    def macro(self, name):
        if name in self.done:
            return self.done[name]
        top = self.done[name] = Known()
        node = self._node(name)
        self._walk(node.body, {arg.name: top.child(arg.name) for arg in node.args})
        return top

    def arguments(self, name):
        return [arg.name for arg in self._node(name).args]

    def _node(self, name):
        if name not in self.parsed:
            source = self.environment.loader.get_source(self.environment, self.files[name])[0]
            for macro in self.environment.parse(source).find_all(nodes.Macro):
                self.parsed.setdefault(macro.name, macro)
        return self.parsed[name]

    def _walk(self, body, names):
        for node in body:
            self._visit(node, names)

    def _visit(self, node, names):
        if isinstance(node, nodes.For):
            inner = dict(names)
            over = self._resolve(_unwrapped(node.iter), names)
            if over is not None and isinstance(node.target, nodes.Tuple):
                over.child(ANY)
            elif over is not None and isinstance(node.target, nodes.Name):
                inner[node.target.name] = over.child(EACH)
            self._walk(node.body, inner)
            return
        if isinstance(node, nodes.If) and (asked := self._resolve(node.test, names)) is not None:
            asked.tested = True
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in self.files:
            self._hand_on(node, names)
        if self._resolve(node, names) is not None:
            return
        for child in node.iter_child_nodes():
            self._visit(child, names)

    def _hand_on(self, call, names):
        callee = self.macro(call.node.name)
        given = list(zip(self.arguments(call.node.name), call.args, strict=False))
        given += [(pair.key, pair.value) for pair in call.kwargs]
        for argument, value in given:
            passed = self._resolve(value, names)
            if passed is not None:
                passed.same.append(callee.child(argument))
            elif isinstance(value, nodes.Dict):
                self._hand_on_each(value, callee.child(argument), names)

    def _hand_on_each(self, mapping, target, names):
        """nav_list({"links": item.links}): what is below links there is below links here too."""
        for pair in mapping.items:
            passed = self._resolve(pair.value, names) if isinstance(pair.key, nodes.Const) else None
            if passed is not None:
                passed.same.append(target.child(pair.key.value))

    def _resolve(self, node, names):
        if isinstance(node, nodes.Name):
            return names.get(node.name)
        if isinstance(node, nodes.Getattr):
            above = self._resolve(node.node, names)
            return None if above is None else above.child(node.attr)
        if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            above = self._resolve(node.node, names)
            name = EACH if isinstance(node.arg.value, int) else node.arg.value
            return None if above is None else above.child(name)
        return None


def _unwrapped(node):
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == "_pairs":
        return node.args[0]
    return node


def _required(file, name):
    """Names at the top of the .yaml with `required: true`. Not read as YAML: several of the files are not."""
    if not file.exists():
        return set()
    text = file.read_text("utf-8")
    if text.count("params:") > 1 or name == "button":
        return set()  # one description for several macros
    found = set(re.findall(r"^- name: (\w+)\n(?:  (?!- ).*\n)*?  required: true", text, re.MULTILINE))
    return found - {"classes", "attributes"}
