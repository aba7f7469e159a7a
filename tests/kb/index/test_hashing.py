import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kb.index import hashing
from kb.index.hashing import Table, hashes


def table_of(words):
    return Table(np.sort(hashes(sorted(set(words)))))


@given(st.lists(st.text(max_size=8)), st.lists(st.text(max_size=8)))
def test_a_string_stands_where_its_hash_stands_however_often_it_is_asked(known, asked):
    table = table_of(known)
    ordered = np.sort(hashes(sorted(set(known)))).tolist()
    wanted = [ordered.index(hashing.hash64(text)) if text in known else -1 for text in asked]
    assert table.positions(asked) == wanted
    assert table.positions(asked[::-1]) == wanted[::-1]


def test_what_is_remembered_stays_bounded(monkeypatch):
    monkeypatch.setattr(hashing, "_MOST_REMEMBERED", 4)
    table = table_of(["a", "b"])
    assert table.positions([*"abcdefgh", "a"]) == [
        *table.positions(["a", "b"]),
        *[-1] * 6,
        table.positions(["a"])[0],
    ]
    for text in "ijklmnop":
        table.positions([text])
    assert len(table._known) <= 4
