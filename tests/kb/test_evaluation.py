import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import LabelsError
from kb.evaluation import Judged, Labelled, auroc, calibration_error, details, figures, is_right, read_labels
from kb.model import Entry, Found, Hit, Outcome, Remedy


def hit(slug="a/401003", identifiers=("401003",), confidence=0.9, locale="en-us"):
    entry = Entry(
        slug, "one", locale, f"{locale}/{slug}.md", "t", "t", identifiers, (), "s", (Remedy("c", "r"),)
    )
    return Hit(entry, confidence, {})


def judged(outcome, confidence, rank, expect=("401003",), lang="en"):
    found = Found(outcome, confidence, (), (hit(confidence=confidence),))
    return Judged(Labelled("q", "text", expect, {"lang": lang}), found, rank, 1.0)


@pytest.mark.parametrize(
    "expected", ["401003", "a/401003", "401003.md", "a/401003.md", "en-us/a/401003.md", "a/401003#one"]
)
def test_a_candidate_is_right_by_identifier_slug_or_path(expected):
    assert is_right(hit(), [expected])


@pytest.mark.parametrize("expected", ["401002", "003.md", "b/401003.md", "401003.m"])
def test_a_candidate_is_not_right_by_part_of_a_name(expected):
    assert not is_right(hit(), [expected])


def test_figures_count_what_the_contract_says():
    report = figures(
        [
            judged(Outcome.ANSWER, 0.9, 1),
            judged(Outcome.ANSWER, 0.8, 2),
            judged(Outcome.NONE, 0.3, 0),
            judged(Outcome.NONE, 0.1, 0, expect=()),
        ]
    )["all"]
    assert (report["n"], report["top1"], report["top3"]) == (3, round(1 / 3, 4), round(2 / 3, 4))
    assert (report["answered"], report["answered_wrong"], report["abstained_right"]) == (0.5, 0.25, 1.0)
    assert report["ood_auroc"] == 1.0


def test_figures_are_given_for_each_language():
    report = figures([judged(Outcome.ANSWER, 0.9, 1), judged(Outcome.NONE, 0.2, 0, lang="fr")])
    assert report["lang"]["en"]["top1"] == 1.0
    assert report["lang"]["fr"]["top1"] == 0.0


def test_details_let_anyone_count_again():
    line = next(details([judged(Outcome.ANSWER, 0.9, 1)]))
    assert json.loads(json.dumps(line))["ranked"][0] == {
        "entry": "a/401003#one",
        "slug": "a/401003",
        "article": "en-us/a/401003.md",
        "identifiers": ["401003"],
        "confidence": 0.9,
    }


def test_a_line_that_is_no_question_is_named(tmp_path):
    labels = tmp_path / "labels.jsonl"
    labels.write_text('{"query": "a", "expect": []}\n{"query": "b"}\n')
    with pytest.raises(LabelsError, match=r"labels\.jsonl:2: not a labelled question"):
        read_labels(labels)


def test_a_boolean_label_is_grouped_in_lower_case(tmp_path):
    labels = tmp_path / "labels.jsonl"
    labels.write_text('{"query": "a", "expect": [], "in_core": true}\n')
    assert read_labels(labels)[0].labels == {"in_core": "true"}


def test_confidence_that_is_always_right_has_no_error():
    assert calibration_error([1.0] * 20, [True] * 20) == 0.0


def test_confidence_that_is_always_wrong_has_error_one():
    assert calibration_error([1.0] * 20, [False] * 20) == 1.0


@given(st.lists(st.floats(0, 1), min_size=1), st.lists(st.floats(0, 1), min_size=1))
def test_auroc_of_swapped_sides_adds_up_to_one(inside, outside):
    assert auroc(inside, outside) + auroc(outside, inside) == pytest.approx(1.0, abs=1e-3)
