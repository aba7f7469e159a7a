"""Which cause goes with which symptom, and which solution with which cause."""

from tests.kb.parsed import entries, messages, of_text


class TestPairing:
    def test_a_numbered_symptom_has_the_cause_and_solution_of_its_number(self):
        first, second = entries("symptoms-numbered-with-their-causes.md")
        assert [(one.cause, one.solution) for one in first.remedies] == [
            ("The pass of the pump ran out.", "Nothing: the pump fetches a new pass.")
        ]
        assert second.cause == "The station could not read the pass."
        assert (first.anchor, second.anchor) == ("symptom-1", "symptom-2")
        assert first.identifiers == second.identifiers == ("51003", "PumpRefused")

    def test_two_causes_of_one_symptom_stay_together_and_share_its_solution(self):
        (entry,) = entries("two-causes-one-solution.md")
        assert [one.cause for one in entry.remedies] == [
            "As a rule two hoses sit on one socket.\n\nThe old hose was never taken off.",
            "The plan shows the socket twice.",
        ]
        assert {one.solution for one in entry.remedies} == {"Take one hose off."}

    def test_a_cause_under_a_heading_of_its_own_has_the_solution_below_it(self):
        (entry,) = entries("causes-under-headings-of-their-own.md")
        assert [one.solution for one in entry.remedies] == ["Ask the keeper.", "Have it filed."]
        assert entry.remedies[0].cause.endswith("**The key is not on the ring**\n\nThe keeper took it home.")
        assert messages(entry) == ['Gate 7 cannot be opened. Reason: "no key fits"']

    def test_a_symptom_without_number_shares_all_causes(self):
        (entry,) = of_text(
            "# A\n\n## Symptoms\n\ns\n\n## Cause 1\n\nc1\n\n## Cause 2\n\nc2\n\n## Solution 1\n\ns1\n\n## Solution 2\n\ns2"
        )
        assert [(one.cause, one.solution) for one in entry.remedies] == [("c1", "s1"), ("c2", "s2")]

    def test_a_solution_is_for_the_causes_before_it_that_have_none(self):
        (entry,) = of_text(
            "# A\n\n## Cause\n\nc1\n\n## Solution\n\ns1\n\n## Cause\n\nc2\n\n## Cause\n\nc3\n\n## Solution\n\ns23"
        )
        assert [(one.cause, one.solution) for one in entry.remedies] == [
            ("c1", "s1"),
            ("c2", "s23"),
            ("c3", "s23"),
        ]

    def test_a_symptom_behind_a_solution_begins_the_next_problem(self):
        text = "# A\n\n## B\n\n### Symptom\n\ns1\n\n### Solution\n\nr1\n\n### Symptom\n\ns2\n\n### Solution\n\nr2"
        assert [(one.symptom, one.solution) for one in of_text(text)] == [("s1", "r1"), ("s2", "r2")]
        assert [one.anchor for one in of_text(text)] == ["b", "b-2"]
