"""Which bytes are read of a docs tree, and as which text."""

import pytest

from kb.errors import ArticleError
from kb.files import Includes, decode
from tests.kb.trees import write


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    def test_the_encodings_people_save_in_are_read(self, encoding):
        assert decode("# Réglé à l'été\r\n".encode(encoding), "x.md") == "# Réglé à l'été\n"

    def test_characters_that_hide_or_turn_text_are_taken_out(self):
        assert (
            decode("One a\u202eb\0c and\x1b[31m more\u2028text\u200b".encode(), "x.md")
            == "One ab c and [31m more text"
        )

    def test_bytes_that_are_no_text_are_refused_with_their_line(self):
        with pytest.raises(ArticleError, match=r"^x.md:2: the file is not text"):
            decode(b"one\n\xff\xfe\x00\x01\x02", "x.md")


class TestIncludes:
    def test_nothing_outside_the_tree_is_read(self, tmp_path):
        write(tmp_path, {"secret.md": "secret", "tree/a.md": "x", "tree/inc.md": "---\nx: 1\n---\nfine"})
        includes = Includes(tmp_path / "tree", "a.md")
        assert includes("inc.md") == "fine"
        for target in (
            "../secret.md",
            str(tmp_path / "secret.md"),
            "inc.md/../../secret.md",
            "file:///etc/passwd",
            "x\0y",
            "",
        ):
            assert includes(target) is None

    def test_a_link_out_of_the_tree_is_no_include(self, tmp_path):
        write(tmp_path, {"secret.md": "secret", "tree/a.md": "x"})
        (tmp_path / "tree" / "inc.md").symlink_to(tmp_path / "secret.md")
        assert Includes(tmp_path / "tree", "a.md")("inc.md") is None

    def test_a_tree_that_is_a_part_of_a_repository_finds_its_includes(self, tmp_path):
        write(tmp_path, {"en-us/includes/inc.md": "here"})
        assert Includes(tmp_path, "en-us/a/b.md")("../../repository/includes/inc.md") == "here"
