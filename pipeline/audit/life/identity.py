"""Are two forms of one project? A score from code, name, unit and what else they have in common."""

from __future__ import annotations

from dataclasses import dataclass

from normalizers.names import shorten_organisation, without_place
from pipeline.audit.fingerprint import GOAL_SKETCH, Fingerprint
from pipeline.audit.life.names import name_fit, unit_fit
from pipeline.audit.limits import limits
from pipeline.audit.similarity import resemblance

_LIMITS = limits("life")
_SAME_CODE, _CODE_NAME = float(_LIMITS.number("same_code")), float(_LIMITS.number("code_name"))
_UNKNOWN, _BY_DEPARTMENT = float(_LIMITS.number("unit_unknown")), float(_LIMITS.number("unit_by_department"))
_SURE_NAME, _SURE_UNIT = float(_LIMITS.number("sure_name")), float(_LIMITS.number("sure_unit"))
_SUPPORT, _MUCH = float(_LIMITS.number("least_support")), float(_LIMITS.number("much_support"))
_SLIP = float(_LIMITS.number("name_slip"))
_SHARE = float(_LIMITS.number("support_share"))
_LEAST_ROWS = int(_LIMITS.number("support_rows"))
_NOTHING = float(_LIMITS.number("nothing_common"))
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Fit:
    """How two forms fit: ``score`` 0…1, 0 for a no; ``spelling`` is False where the names differ."""

    score: float
    spelling: bool = True
    how: str = ""


_NO = Fit(0.0)


def fit(earlier: Fingerprint, later: Fingerprint) -> Fit:
    """Whether two forms are of one project, whatever their kinds and years.

    A name that is not quite the same, or a unit not quite known, counts only where rows, goal or money
    support it; a name with a character that is no likely slip only within one year and with the same
    money: 桃园村道路硬化 and 李园村道路硬化 are filled in from one template. Symmetric in its score; pure.
    """
    name = _names(earlier, later)
    unit = _units(earlier, later)
    if not name or not unit or _other_year(earlier, later):
        return _NO
    support = _support(earlier, later)
    code = bool(earlier.code) and earlier.code == later.code
    if not code and earlier.code and later.code and earlier.fiscal_year == later.fiscal_year:
        return _NO
    slipped = name < _SLIP and not code
    if slipped and not _same_money(earlier, later):
        return _NO
    if not _enough(name, unit, support, code) or (not code and _against(earlier, later, name, support)):
        return _NO
    base = max(name * unit, _SAME_CODE) if code else name * unit
    score = base * (1 - _SHARE + _SHARE * support)
    return Fit(round(score, _DIGITS), name >= _SURE_NAME, _how(name, unit, code, support))


def _names(one: Fingerprint, other: Fingerprint) -> float:
    if one.scope != other.scope:
        return 0.0
    found = name_fit(one.name, other.name) if one.name and other.name else 0.0
    return found if found or one.scope == "project" else float(one.name == other.name)


def _units(one: Fingerprint, other: Fingerprint) -> float:
    """How well the units fit: the agencies where both print one, else by way of the department."""
    departments = unit_fit(one.department, other.department) if one.department and other.department else None
    if one.agency and other.agency:
        first, second = (_placed(p.agency, p.department) for p in (one, other))
        agencies = unit_fit(first, second)
        if departments != 0:
            return agencies
        # Of two departments only an agency that says where it is can still be one and the same.
        named = without_place(shorten_organisation(first)) != shorten_organisation(first)
        return agencies * _BY_DEPARTMENT if named and agencies >= _SURE_UNIT else 0.0
    sides = [(one.agency, other.department), (one.department, other.agency)]
    across = [unit_fit(a, b) for a, b in sides if a and b]
    known = [f for f in (departments, *across) if f is not None]
    if not known:
        return _UNKNOWN
    return max(known) * (1.0 if not (one.agency or other.agency) else _BY_DEPARTMENT)


def _placed(agency: str, department: str) -> str:
    """An agency that does not say where it is, with the place of its department."""
    short, owner = shorten_organisation(agency), shorten_organisation(department)
    place = owner[: len(owner) - len(without_place(owner))]
    return place + short if without_place(short) == short else agency


def _other_year(one: Fingerprint, other: Fingerprint) -> bool:
    """Do the names print years that cannot be those of one project?

    In one fiscal year the printed years must be the same; over years they move along or stay.
    """
    if not one.years or not other.years:
        return False
    apart = other.fiscal_year - one.fiscal_year
    moved = tuple(year + apart for year in one.years)
    return other.years not in (one.years, moved)


def _support(one: Fingerprint, other: Fingerprint) -> float:
    """What else the forms share, 0…1: rows, the goal, the money of one year."""
    names, others = ({row.name for row in p.rows} for p in (one, other))
    both, least = len(names & others), min(len(names), len(others))
    rows = both / least if least and both >= min(_LEAST_ROWS, least) else 0.0
    goal = resemblance(one.goal, other.goal, size=GOAL_SKETCH) if one.goal and other.goal else 0.0
    return round(max(rows, goal, _MUCH if _same_money(one, other) else 0.0), _DIGITS)


def _same_money(one: Fingerprint, other: Fingerprint) -> bool:
    return bool(one.total) and one.total == other.total and one.fiscal_year == other.fiscal_year


def _enough(name: float, unit: float, support: float, code: bool) -> bool:
    if code:
        return name >= _CODE_NAME or support >= _MUCH
    if name >= _SURE_NAME and unit >= _SURE_UNIT:
        return True
    if name >= _SLIP or name >= _SURE_NAME:
        return support >= _SUPPORT
    return support >= _MUCH


def _against(one: Fingerprint, other: Fingerprint, name: float, support: float) -> bool:
    """Does the content of two forms of one year speak against one project?

    Names only near each other beside other money do; so does the very same name where neither rows,
    goal nor money have anything in common: an office may have two projects of one name.
    """
    if one.fiscal_year != other.fiscal_year:
        return False
    if name < _SURE_NAME:
        return bool(one.total) and bool(other.total) and one.total != other.total
    return support < _NOTHING and min(len(one.rows), len(other.rows)) > _LEAST_ROWS


def _how(name: float, unit: float, code: bool, support: float) -> str:
    said = ["项目代码相同"] if code else []
    said.append("项目名称相同" if name == 1 else f"项目名称相近（{round(100 * name)}%）")
    if unit == 1:
        said.append("单位相同")
    else:
        said.append("单位未填" if unit == _UNKNOWN else f"单位相近（{round(100 * unit)}%）")
    return "，".join([*said, f"内容相同{round(100 * support)}%"])
