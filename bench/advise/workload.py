"""A workload folder: queries/*.sql of one statement each, weights.tsv, by_hand.sql; and lists of DDL."""
import dataclasses
import pathlib
import re

# Quoted text, dollar quotes and comments stand for themselves; a semicolon outside them ends a statement.
_TOKEN = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\$(\w*)\$.*?\$\1\$|--[^\n]*|/\*.*?\*/|;", re.S)
_LITERAL = re.compile(r"'(?:[^']|'')*'|\$\d+|(?:(?<=[<=>(] )-)?(?<![\w.\"])\d+(?:\.\d+)?\b|(?<!IS )(?<!NOT )\b(?:NULL|true|false)\b")


@dataclasses.dataclass
class Statement:
    name: str
    sql: str
    calls: float

    @property
    def is_write(self):
        return self.sql.split(None, 1)[0].upper() in ("INSERT", "UPDATE", "DELETE", "MERGE")


def split_sql(text):
    """The statements of a script, without comments and semicolons."""
    parts, current, at = [], "", 0
    for token in _TOKEN.finditer(text):
        current += text[at:token.start()]
        at = token.end()
        if token.group() == ";":
            parts.append(current)
            current = ""
        elif not token.group().startswith(("--", "/*")):
            current += token.group()
    parts.append(current + text[at:])
    return [part.strip() for part in parts if part.strip()]


def read_workload(folder):
    folder = pathlib.Path(folder)
    weights = dict(line.split("\t") for line in (folder / "weights.tsv").read_text().splitlines() if line)
    statements = []
    for path in sorted((folder / "queries").glob("*.sql")):
        (sql,) = split_sql(path.read_text())
        statements.append(Statement(path.stem, sql, float(weights[path.stem])))
    return statements


def shape(sql):
    """A statement's text without literals, case and layout: joins a file to its entry in a report."""
    text = re.sub(r"\s+", "", _LITERAL.sub("$", sql)).rstrip(";").lower()
    return re.sub(r"(in\(|array\[)\$(,\$)+", r"\1$", text)
