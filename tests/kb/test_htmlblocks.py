from kb.htmlblocks import code_lines, table_lines


def test_a_table_keeps_its_formatting_and_every_row_is_as_wide_as_the_widest():
    source = "<table>\n<tr><th>Rope</th><th>Pull</th></tr>\n<tr><td><b>Left</b>\n  one</td></tr></table>"
    assert table_lines(source) == ["| Rope | Pull |", "| --- | --- |", "| <b>Left</b> one |  |"]


def test_a_bar_in_a_cell_is_no_border():
    assert table_lines("<table><tr><td>a | b</td></tr></table>")[0] == r"| a \| b |"


def test_a_table_without_cells_is_nothing():
    assert table_lines("<table><caption>Ropes</caption></table>") == []


def test_preformatted_text_is_read_as_it_is_shown():
    assert code_lines("<pre><code>pull --left &lt;rope&gt;\n  now</code></pre>") == [
        "~~~~~",
        "pull --left <rope>",
        "  now",
        "~~~~~",
    ]
