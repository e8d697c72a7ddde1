"""Statements of the way in, made ready once: running one costs what the database's own driver takes, and little more.

SQLAlchemy says what is run and turns values into what each database keeps, as ever. Left out is all that it does anew
around each run, which costs several times what the database does. What fails, fails with SQLAlchemy's errors.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from hotline.store import Session, driver_of

Values = Mapping[str, Any]
Insert = Callable[[Table], postgresql.Insert | sqlite.Insert]
_Turn = Callable[[Any], Any]
_INSERTS: Mapping[str, Insert] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement as one database is asked it; *row* makes a row of what comes back, and *turns* say how each value is read."""

    sql: str
    names: tuple[str, ...]
    turned: tuple[tuple[int, _Turn], ...]
    defaults: Values
    is_by_place: bool
    row: Callable[..., Any]
    turns: tuple[_Turn | None, ...]

    def bound(self, values: Values) -> Any:
        if self.defaults:
            values = {**self.defaults, **values}
        bound = [values[name] for name in self.names]
        for place, turn in self.turned:
            bound[place] = turn(bound[place])
        return bound if self.is_by_place else dict(zip(self.names, bound, strict=True))

    def read(self, found: Iterable[Any]) -> Any:
        pairs = zip(self.turns, found, strict=True)
        return self.row(*(turn(value) if turn else value for turn, value in pairs))


class Statement:
    """A statement whose values are all given by name, the same names at each run.

    Where the databases say it differently, *core* is what makes it of the `insert` of one.
    """

    def __init__(self, core: Executable | Callable[[Insert], Executable]) -> None:
        self._core = core
        self._ready: dict[str, _Ready] = {}

    def run(self, session: Session, values: Values) -> int:
        """Run it and return how many rows it touched."""
        ready = self._made_ready(session, values)
        cursor = driver_of(session).cursor()
        try:
            cursor.execute(ready.sql, ready.bound(values))
        except session.dialect.loaded_dbapi.Error as error:
            raise _told(session, ready, error) from None
        return int(cursor.rowcount)

    def run_each(self, session: Session, rows: list[dict[str, Any]]) -> None:
        """Run it with each of *rows*."""
        ready = self._made_ready(session, rows[0])
        try:
            driver_of(session).cursor().executemany(ready.sql, [ready.bound(row) for row in rows])
        except session.dialect.loaded_dbapi.Error as error:
            raise _told(session, ready, error) from None

    def first(self, session: Session, values: Values) -> Any:
        """Run it and return the first row that it finds or leaves; None where there is none."""
        found = self.all(session, values)
        return found[0] if found else None

    def all(self, session: Session, values: Values) -> list[Any]:
        """Run it and return the rows that it finds or leaves."""
        ready = self._made_ready(session, values)
        cursor = driver_of(session).cursor()
        try:
            cursor.execute(ready.sql, ready.bound(values))
            found = cursor.fetchall()
        except session.dialect.loaded_dbapi.Error as error:
            raise _told(session, ready, error) from None
        return [ready.read(row) for row in found]

    def _made_ready(self, session: Session, values: Values) -> _Ready:
        dialect = session.dialect
        ready = self._ready.get(dialect.name)
        if ready is None:
            core = self._core
            its = core if isinstance(core, Executable) else core(_INSERTS[dialect.name])
            ready = self._ready[dialect.name] = _make_ready(its, dialect, values)
        return ready


def _make_ready(core: Executable, dialect: Dialect, values: Values) -> _Ready:
    compiled: Any = core.compile(dialect=dialect, column_keys=list(values))  # type: ignore[attr-defined] # each is a ClauseElement.
    # Lists that stand in the statement itself are written out; none is given.
    whole = compiled.construct_expanded_state(dict(values), escape_names=False)
    turns: dict[str, _Turn | None] = {
        name: bind.type.dialect_impl(dialect).bind_processor(dialect)
        for name, bind in compiled.binds.items()
    }
    columns = list(getattr(core, "exported_columns", ()))
    names = tuple(whole.positiontup or whole.parameters)
    return _Ready(
        sql=whole.statement,
        names=names,
        turned=tuple((at, turn) for at, name in enumerate(names) if (turn := turns.get(name))),
        defaults={**_own(whole.parameters, values), **_defaults(compiled)},
        is_by_place=whole.positiontup is not None,
        row=namedtuple("Row", [column.key for column in columns]),
        turns=tuple(_turn(column.type, dialect) for column in columns),
    )


def _own(parameters: Values, values: Values) -> Values:
    """Return the values that stand in the statement itself."""
    return {name: value for name, value in parameters.items() if name not in values}


def _defaults(compiled: SQLCompiler) -> Values:
    """Return the values that columns have by default; one that is made anew for each row must be given."""
    found = {}
    for column in compiled.insert_prefetch:
        default: Any = column.default
        if not default.is_scalar:
            raise TypeError(f"{column} must be given")
        found[column.key] = default.arg
    return found


def _turn(its: TypeEngine[Any], dialect: Dialect) -> _Turn | None:
    return its.dialect_impl(dialect).result_processor(dialect, None)


def _told(session: Session, ready: _Ready, error: Exception) -> BaseException:
    """Return *error* as SQLAlchemy tells it, without values; a connection that is gone is used no more."""
    dialect = session.dialect
    is_gone = dialect.is_disconnect(error, driver_of(session), None)  # type: ignore[arg-type] # it is the driver's.
    told = DBAPIError.instance(
        ready.sql,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=is_gone,
        dialect=dialect,
    )
    if is_gone:
        session.invalidate(told)
    return told
