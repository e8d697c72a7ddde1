"""Every code that is proposed stands in its standard's own list, with its own label, under the folder that HOTLINE_REFERENCE names."""

import json
import os
from pathlib import Path

import pytest

from hotline.triage.proposals import known

LISTS = {
    "control": ("htcds_codelists_2.0.json", "codelists", "vic_MethodsOfControl"),
    "exploitation": ("htcds_codelists_2.0.json", "codelists", "vic_TypeOfExploitation"),
    "service": ("htcds_codelists_2.0.json", "codelists", "spl_Type"),
    "industry": ("niem_6.0_hs_trafficking.json", "codes", "ExploitationIndustryCodeSimpleType"),
    "venue": ("niem_6.0_hs_trafficking.json", "codes", "TraffickedVenueCodeSimpleType"),
    "indicator": ("ilo_11_forced_labour_indicators.json", "indicators", ""),
}


@pytest.mark.parametrize("name", LISTS)
def test_every_code_stands_in_its_standard(name):
    file, section, part = LISTS[name]
    path = Path(os.environ["HOTLINE_REFERENCE"], "htcds", file)
    listed = json.loads(path.read_text(encoding="utf-8"))[section]
    rows = listed if isinstance(listed, list) else listed[part]
    rows = rows["values"] if isinstance(rows, dict) else rows
    labels = {row["code"]: row.get("label", row.get("name")) for row in rows}
    ours = {code: its.label for (of, code), its in known().items() if of == name}
    assert ours
    assert {code: labels.get(code) for code in ours} == ours
