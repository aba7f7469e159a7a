"""Which texts of a symptom are messages that software prints."""

from pathlib import Path

from kb.parsing import parse_article

CORPUS = Path(__file__).parents[1] / "corpus"


def templates(source, locale="en-us"):
    """The messages of every entry of an article."""
    entries = parse_article(source, path="x.md", slug="x", locale=locale).article.entries
    return [[message.text for message in entry.messages] for entry in entries]


def in_document(name):
    return templates((CORPUS / name).read_text(encoding="utf-8"))


def in_symptom(text):
    """The messages of an article whose symptom is the text."""
    (found,) = templates(f"# T\n\n## Symptoms\n\n{text}\n\n## Cause\n\nx")
    return found


class TestBullets:
    def test_bullets_behind_an_announcement_are_messages(self):
        _, second = in_document("symptoms-numbered-with-their-causes.md")
        assert second == ["Pump header missing", "Station '*' does not know the pump '*'"]

    def test_prose_bullets_are_none(self):
        assert in_symptom("- The tank is empty.\n- Nobody answers.") == []

    def test_numbered_items_are_steps(self):
        told = "You see one of the following errors:\n\n{} Gate is shut\n{} Gate is stuck"
        assert in_symptom(told.format("-", "-")) == ["Gate is shut", "Gate is stuck"]
        assert in_symptom(told.format("1.", "2.")) == []

    def test_a_name_alone_is_no_message(self):
        assert in_symptom("- `404104 DeviceConnectionClosedRemotely`") == []


class TestParagraphs:
    def test_a_message_broken_into_paragraphs_is_one(self):
        assert in_document("message-broken-into-paragraphs.md") == [
            [
                'Failed to import the file "{path} big file.csv". The file is held by another program.',
                "Import refused (error code 0x800706BA)",
            ]
        ]

    def test_the_fields_of_an_event_are_no_messages(self):
        fields = "Event ID: 324\n\nSeverity=Error\n\nThe valve of the second house did not answer."
        assert in_symptom(f"You see the following error:\n\n{fields}") == [
            "The valve of the second house did not answer."
        ]


class TestSentences:
    def test_a_persons_words_are_none(self):
        assert in_symptom('People say "it is as dead as can be", "nothing works".') == []

    def test_what_software_says_in_quotes_is_one(self):
        assert in_symptom('It fails with the error "Seven gates are shut".') == ["Seven gates are shut"]

    def test_what_only_or_sets_apart_from_a_message_is_one_too(self):
        told = 'It fails with the error "Seven gates are shut" or "Six gates are open".'
        assert in_symptom(told) == ["Seven gates are shut", "Six gates are open"]

    def test_a_title_that_quotes_a_message_gives_it(self):
        assert templates('# You see "Gate is shut for good" at night\n\n## Cause\n\nx') == [
            ["Gate is shut for good"]
        ]


class TestCodeBlocks:
    def test_of_a_log_only_the_lines_that_carry_errors_count(self):
        log = "2017-11-28 18:46:19 [INF] - Starting module.\n2017-11-28 18:46:20 [ERR] - Could not start module edgeHub"
        assert in_symptom(f"```output\n{log}\n```") == ["{time} [ERR] - Could not start module edgeHub"]

    def test_a_line_that_begins_with_its_level_goes_on_from_none(self):
        log = "info: pumps::runtime -- Starting the module of the second pump house\nwarn: pumps::runtime -- Could not start module\nwarn: pumps -- cannot bind"
        assert in_symptom(f"```output\n{log}\n```") == [
            "warn: pumps::runtime -- Could not start module",
            "warn: pumps -- cannot bind",
        ]

    def test_a_line_that_a_web_page_wrapped_is_put_together_again(self):
        log = "ERROR: the gate of the seventh lock could not be\nopened by the keeper\nERROR: it cannot be mended"
        assert in_symptom(f"```\n{log}\n```") == [
            "ERROR: the gate of the seventh lock could not be opened by the keeper",
            "ERROR: it cannot be mended",
        ]

    def test_commands_and_programs_are_none(self):
        code = "```bash\nsudo pumpctl restart --error\n```\n\nRun `sudo pumpctl check` and `docker ps`."
        assert in_symptom(code) == []

    def test_json_gives_its_message_field(self):
        code = '```json\n{"code": 4, "Message": "Gate {0} is \\"shut\\""}\n```'
        assert in_symptom(code) == ['Gate * is "shut"']
