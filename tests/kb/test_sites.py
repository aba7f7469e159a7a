"""What MkDocs, Hugo, Jekyll, Docusaurus and MDX add to Markdown, read as their authors meant it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import sites
from kb.parsing import parse_article


def _plain(text: str, *, is_jsx: bool = False) -> str:
    lines = text.split("\n")
    found, numbers = sites.translate(lines, range(1, len(lines) + 1), is_jsx=is_jsx)
    assert len(found) == len(numbers)
    return "\n".join(found)


def _solution(text: str, path: str = "a.md") -> str:
    entries = parse_article(text, path=path, slug="a", locale="en-us").article.entries
    return "\n".join(remedy.solution for entry in entries for remedy in entry.remedies)


WORDS = ("apple", "berry", "cherry")
NOTE = "> **Note:** Mind the valve."


@pytest.mark.parametrize(
    "written",
    [
        "!!! note\n    Mind the valve.",
        "!!! note\n\n    Mind the valve.",
        "??? note\n    Mind the valve.",
        '{{< admonition type="note" >}}\nMind the valve.\n{{< /admonition >}}',
        "{{< note >}}\nMind the valve.{{< /note >}}",
        "{{% notice note %}}\nMind the valve.\n{{% /notice %}}",
        ":::note\nMind the valve.\n:::",
        "::: note\nMind the valve.\n:::",
        "<Note>\n  Mind the valve.\n</Note>",
        '<Callout type="note">\nMind the valve.\n</Callout>',
    ],
)
def test_an_alert_of_any_site_is_an_alert(written: str) -> None:
    assert _solution(f"# Pump\n\nOpen it slowly.\n\n{written}\n\nClose it.\n") == (
        f"Open it slowly.\n\n{NOTE}\n\nClose it."
    )


def test_the_title_of_an_alert_is_kept() -> None:
    assert "**Hot water**" in _solution('# Pump\n\nOpen it.\n\n!!! warning "Hot water"\n    Wear gloves.\n')


def test_indented_code_below_an_alert_is_code_and_not_twice_indented() -> None:
    found = _solution("# Pump\n\nOpen it.\n\n!!! tip\n    Run:\n\n    ```sh\n    pump --open\n    ```\n")
    assert "> ```sh\n> pump --open\n> ```" in found


def test_tabs_become_parts_with_a_title() -> None:
    found = _solution(
        '# Pump\n\nOpen it.\n\n=== "Linux"\n    Use the lever.\n\n=== "Windows"\n    Use the wheel.\n'
    )
    assert "**Linux**\n\nUse the lever." in found
    assert "**Windows**\n\nUse the wheel." in found
    assert "===" not in found


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("See [valves]({{< relref \"./valves\" >}}) first.", "See [valves](./valves) first."),
        ('Before {{< figure src="a.png" alt="x" >}} after.', "Before  after."),
        ('{{< figure\n  src="a.png"\n  alt="x" >}}', ""),
        ("{% include-markdown \"x.md\" %}", ""),
        ("{% raw %}Turn it.{% endraw %}", "Turn it."),
        ('--8<-- "valves.md"', ""),
        ("{% highlight sh %}\npump\n{% endhighlight %}", "```sh\npump\n```"),
    ],
)  # fmt: skip
def test_what_only_the_site_understands_is_left_out(written: str, read: str) -> None:
    assert _plain(written) == read


def test_code_keeps_what_looks_like_a_sites_own() -> None:
    text = "```yaml\nurl: {{< x >}}\n!!! note\n    a\n{% if %}\n```"
    assert _plain(text) == text


def test_templates_of_a_product_in_a_sentence_stay() -> None:
    assert _plain("Set it to '{{ .app.spec }}'.") == "Set it to '{{ .app.spec }}'."


def test_mdx_leaves_imports_and_components_out() -> None:
    text = (
        "import Tabs from '@theme/Tabs';\n\n# Pump\n\n{/* later */}Open <Icon name=\"x\" />it.\n\n<Tabs>\n"
        '<TabItem value="a" label="Linux">\n\nUse the lever.\n\n</TabItem>\n</Tabs>\n'
    )
    assert _solution(text) == "Open it.\n\n**Linux**\n\nUse the lever."


def test_a_placeholder_is_no_component() -> None:
    text = "Replace it by\n\n<NAMESPACE>\n\nand <HostName>.\n\n```js\nimport x from 'y'\n```"
    assert _plain(text) == text


@pytest.mark.parametrize(
    "written",
    [
        '!!! warning\t"Hot "steam" inside"\n    Wear gloves.',
        '??? warning "Hot "steam" inside\n    Wear gloves.',
    ],
)
def test_a_title_may_hold_quotes_and_lack_its_last(written: str) -> None:
    found = _solution(f"# Pump\n\nOpen it.\n\n{written}\n")
    assert '**Hot "steam" inside**' in found
    assert "> Wear gloves." in found


def test_a_fold_without_a_kind_is_a_note() -> None:
    assert "**Cold water**" in _solution('# Pump\n\nOpen it.\n\n??? "Cold water"\n    Wait.\n')


def test_an_alert_on_one_line_holds_what_stands_there() -> None:
    assert _solution("# Pump\n\nOpen it.\n\n!!! note Mind the valve.\n\nClose it.\n") == (
        f"Open it.\n\n{NOTE}\n\nClose it."
    )


def test_a_component_that_closes_on_a_line_of_its_own_is_one_also_outside_mdx() -> None:
    text = (
        '# Pump\n\n<SimpleTab groupId="os">\n<div label="Linux">\n\nUse the lever.\n\n</div>\n</SimpleTab>\n'
    )
    assert "SimpleTab" not in _solution(text)
    assert "Use the lever." in _solution(text)


def test_a_name_in_braces_of_three_is_that_name() -> None:
    assert _plain("Open the {{{ .plans.starter }}} plan.") == "Open the starter plan."


def test_a_component_and_an_import_may_run_over_many_lines() -> None:
    text = (
        "import {\n  Lever,\n  Wheel,\n} from '../parts';\n\n# Pump\n\n<figure style={{\n  width: '5px',\n}}>\n  Fill it.\n"
        "</figure>\n\n<Tabs\n  values={[\n    {label: 'a > b', value: 'x'},\n  ]}>\n\nOpen it.\n\n</Tabs>\n"
    )
    assert _solution(text, "a.mdx") == "Fill it.\n\nOpen it."


def test_a_component_in_a_title_is_no_part_of_it() -> None:
    text = '# <FAIcon icon="fa-drop" /> Pump\n\nOpen it slowly, as told <a href={`/x/${v}`}>here</a>, and wait.\n'
    article = parse_article(text, path="a.mdx", slug="a", locale="en-us").article
    assert article.title == "Pump"
    assert article.entries[0].solution == "Open it slowly, as told here, and wait."


@given(
    st.lists(
        st.sampled_from(
            ["!!! note", "    apple", "", ":::tip", ":::", "{{< note >}}", "{{< /note >}}", "{{<", "<Tabs>", "</Tabs>", "```",
             '=== "x"', "{% x %}", "- berry", "<Note>", "</Note>", "cherry"]
        )
    )
)  # fmt: skip
def test_any_lines_are_read_and_keep_the_numbers_of_their_file(lines: list[str]) -> None:
    found, numbers = sites.translate(lines, list(range(1, len(lines) + 1)))
    assert len(found) == len(numbers)
    assert numbers == sorted(numbers)
    assert all(1 <= number <= len(lines) for number in numbers)
    assert [word for word in WORDS if " ".join(found).count(word) != " ".join(lines).count(word)] == []
