"""Texts with delimiters: encodings, delimiters, and rows as spreadsheet programs number them."""

import pytest

from foundation.spreadsheets.bounds import Refused
from foundation.spreadsheets.delimited import open_text


def rows(data: bytes, delimiter: str = ",") -> list[tuple[int, list[str]]]:
    return list(next(table for table in open_text(data) if table.delimiter == delimiter).rows())


def test_a_line_break_within_a_cell_is_no_new_row():
    assert rows(b'"a\nb",c\r\n\r\n1,"x\r\ny\r\nz"\r\n2,3\r\n') == [
        (1, ["a\nb", "c"]),
        (3, ["1", "x\r\ny\r\nz"]),
        (4, ["2", "3"]),
    ]


def test_rows_that_look_empty_are_empty():
    assert rows("a,b\n , \u3000\xa0\n\u200b,\ufeff\n,,,,\nc, \n".encode()) == [(1, ["a", "b"]), (5, ["c"])]


def test_cells_without_end_that_show_nothing_are_none():
    assert rows(b"a,b" + b"," * 16_000 + b"\n1\n") == [(1, ["a", "b"]), (2, ["1"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le", "utf-16-be"])
def test_any_encoding_that_people_save_in(encoding):
    assert rows("製品コード\tランク\nSMP-1\tA\n".encode(encoding), "\t") == [
        (1, ["製品コード", "ランク"]),
        (2, ["SMP-1", "A"]),
    ]


def test_each_delimiter_makes_a_table_and_a_first_line_may_name_it():
    assert [table.delimiter for table in open_text("a,b;c，d\n".encode())] == [",", ";", "，"]
    [table] = open_text(b"sep=|\r\na|b,c\r\n")
    assert (table.delimiter, list(table.rows())) == ("|", [(1, ["a", "b,c"])])


def test_escapes_are_undone():
    assert rows("'=1+1,更新_x000D_単価,_x005F_\n".encode()) == [(1, ["=1+1", "更新\r単価", "_"])]
    assert rows("'0012,'L-1,''L-1,'L-1',' L,'\n".encode()) == [(1, ["0012", "L-1", "'L-1", "'L-1'", "' L", "'"])]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("製品".encode("euc-jp") + b"\xff", "no-text"),
        ("製品,コード\n".encode("iso-2022-jp"), "no-text"),
        (b"\xff\xfea", "no-text"),
        (b"\x01\x02\x03\0\x04", "no-table"),
    ],
)
def test_what_is_no_text_is_refused(data, code):
    with pytest.raises(Refused, match=code):
        open_text(data)


def test_an_open_quotation_mark_names_its_row():
    with pytest.raises(Refused, match="quotation") as refused:
        rows(b'a,b\n"c\nd",e\nf,"g\n')
    assert refused.value.values == {"row": 3}
