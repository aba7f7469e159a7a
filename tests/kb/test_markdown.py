import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import blocks as b
from kb import markdown
from kb.blocks import Bullets, CodeBlock, Heading, Paragraph, Quote, SpanKind, Table
from kb.rendering import Renderer


def blocks(source):
    return markdown.parse(source).blocks


def plain(source):
    return b.plain(blocks(source))


def written(source):
    return Renderer().blocks(blocks(source))


def test_every_block_knows_its_line():
    source = "# One\n\ntext\n\n- a\n- b\n\n```\ncode\n```\n\n| h |\n|---|\n| c |\n"
    assert [(type(block), block.line) for block in blocks(source)] == [
        (Heading, 1),
        (Paragraph, 3),
        (Bullets, 5),
        (CodeBlock, 8),
        (Table, 12),
    ]


def test_lines_of_an_include_are_the_line_that_includes():
    document = markdown.parse("a\n\nb\n\nc", [1, 2, 2, 2, 3])
    assert [block.line for block in document.blocks] == [1, 2, 3]


@pytest.mark.parametrize(
    "heading", ['## <a name="cause"></a>Ursache', "## Ursache {#cause}", '## <a id="cause"></a> Ursache']
)
def test_a_heading_keeps_the_name_its_author_gave_it(heading):
    (block,) = blocks(heading)
    assert (block.anchor, b.text(block.spans)) == ("cause", "Ursache")


def test_anchors_outside_headings_are_kept_with_their_line():
    assert markdown.parse('text\n\n<a id="old-name"></a>\nmore').anchors == (("old-name", 3),)


@pytest.mark.parametrize(
    "source", ["> [!NOTE]\n> Hot.", ">[!NOTE] Hot.", "> [!note]\n>\n> Hot.", "[!NOTE] Hot."]
)
def test_an_alert_is_a_quote_with_its_kind(source):
    (block,) = blocks(source)
    assert isinstance(block, Quote)
    assert (block.alert, b.plain(block.blocks)) == ("note", "Hot.")


def test_an_alert_opens_with_its_word_in_the_language_of_the_article():
    renderer = Renderer({"warning": "Avertissement"}.__getitem__, "\u00a0:")
    assert renderer.blocks(blocks("> [!WARNING]\n> Chaud.")) == "> **Avertissement\u00a0:** Chaud."


def test_html_that_formats_is_formatting_and_a_tag_nobody_knows_is_a_placeholder():
    (block,) = blocks("Open <b>the</b> <code>lid</code> of <host name> now")
    assert [span.kind for span in block.spans if span.kind is not SpanKind.TEXT] == [
        SpanKind.STRONG,
        SpanKind.CODE,
    ]
    assert b.text(block.spans) == "Open the lid of <host name> now"


def test_attributes_behind_a_link_are_not_text():
    assert plain('[site](https://example.org){target="_blank"} ends') == "site ends"


def test_braces_that_are_no_attributes_stay():
    assert plain("`open` {0} of {hub}") == "open {0} of {hub}"


def test_images_are_not_written():
    assert written("Look: ![a picture](p.png) here") == "Look:  here"


@pytest.mark.parametrize(
    "source",
    [
        "A **bold** word, *one* in italics and `code`.",
        "- a\n- b\n  - c",
        "1. one\n\n   ```bash\n   run\n   ```\n\n2. two",
        "| a | b |\n| --- | --- |\n| c | d |",
        "> quoted\n>\n> twice",
        "[text](https://example.org/x)",
        "```text\n# no heading\n```",
        "```` \n```\n````",
        "5. five\n6. six",
        "*a* b\\*c\\* \\_d\\_ e_f_g",
    ],
)
def test_what_is_written_reads_as_what_was_read(source):
    once = written(source)
    assert written(once) == once
    assert b.plain(blocks(once)) == plain(source)


def test_a_link_without_an_address_is_its_text():
    assert written("see [the page](page.md)") == "see the page"


def test_text_that_looks_like_marks_is_escaped():
    assert written(r"\# no heading") == r"\# no heading"
    assert written(r"1\. no list") == r"1\. no list"
    assert written(r"IotHub '\*' of \<name\>") == r"IotHub '\*' of \<name>"


def test_a_windows_path_is_not_littered_with_backslashes():
    assert written(r"C:\\Tools\\bin\\x.exe") == r"C:\Tools\bin\x.exe"


def test_a_pipe_in_a_cell_stays_in_its_cell():
    source = "| a |\n| --- |\n| x \\| y |"
    assert written(source) == source


@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\r"), max_size=400))
def test_any_text_parses_with_its_lines_inside_the_file(text):
    document = markdown.parse(text)
    n_lines = text.count("\n") + 1
    assert all(1 <= block.line <= n_lines for block in b.walk(document.blocks))
    assert markdown.parse(text) == document


WORDS = st.text("ab *_`[]()<>#>-+.1|\\!&~=\"'\n", max_size=60)


@given(WORDS)
def test_what_was_text_never_becomes_marks(text):
    """Written and read again, blocks hold the same words, whatever characters they are made of."""
    once = Renderer().blocks([Paragraph((b.Span(SpanKind.TEXT, " ".join(text.split())),), 1)])
    again = markdown.parse(once).blocks
    assert all(isinstance(block, Paragraph) for block in again)
    assert all(span.kind is SpanKind.TEXT for block in again for span in block.spans)
    assert "".join(b.plain(again).split()) == "".join(text.split())
