"""Three lists that look different, as a new reseller has them: a vendor's, a distributor's, one's own Excel."""

import io
from collections.abc import Sequence
from datetime import date

from openpyxl import Workbook

from .lists import as_csv


def vendor_list(codes: Sequence[str]) -> bytes:
    """CSV in cp932 with title lines above, heads over two rows, sums and notes below."""
    one, two, *_others = codes
    return as_csv(
        ["サポート契約 更新対象一覧", "", "", "", "", "", ""],
        ["出力日：2026/11/20", "", "", "", "", "", ""],
        ["", "", "", "", "", "", ""],
        ["エンドユーザー", "", "ライセンス", "", "", "サポート", ""],
        ["会社名", "ご担当者", "ライセンスID", "製品コード", "数量", "開始日", "満了日"],
        ["㈱あけぼの食品", "原田 直樹 様", "AK-10001", one, "1,200", "2026/04/01", "2027/03/31 00:00"],
        ["", "", "", two, "80ライセンス", "2026/04/01", "2027/03/31 00:00"],
        ["学校法人はなぞの学園", "", "HZ-20002", two, "450", "2026/07/01", "2027年6月末"],
        ["", "", "小計", "", "1,730", "", ""],
        ["※ 本一覧は11月20日現在のものです。", "", "", "", "", "", ""],
    )


def distributor_list(codes: Sequence[str]) -> bytes:
    """CSV in UTF-8 with its mark: 型番 and 契約終了日, contacts, columns that nobody needs, a blank one between."""
    one, _two, three, *_others = codes
    head = ["行", "販売店名", "お客様名", "部署名", "担当者名", "メール", "TEL", "", "契約番号", "型番", "ライセンス数",
            "契約開始日", "契約終了日", "仕切価格"]  # fmt: skip
    told = ["青葉", "有限会社みさき設計", "総務部", "西 さやか", "nishi@misaki.example.jp", "03-0000-1111"]
    rows = [
        ["1", *told, "", "D000123", one, "25", "20260401", "20270331", "1,000"],
        ["2", *told, "", "D000124", three, "25", "20260401", "20270331", "2,000"],
        ["3", "青葉", "合同会社ことり", "", "", "", "", "", "D000200", three, "5", "20260901", "20270831", "3,000"],
    ]
    return b"\xef\xbb\xbf" + as_csv(head, *rows, encoding="utf-8")


def own_workbook(codes: Sequence[str]) -> bytes:
    """Excel with two sheets, 和暦 in three ways, full-width digits and a day as a bare number."""
    one, two, three, *_others = codes
    book = Workbook()
    remarks = book.active
    remarks.title = "メモ"
    remarks.append(["更新の段取り"])
    remarks.append(["12月中に見積を送る"])
    sheet = book.create_sheet("顧客台帳")
    sheet.append(["顧客", "ライセンスNo", "製品名", "本数", "サポート期限", "備考"])
    sheet.append(["緑川町役場", "ＭＫ－３０００１", one, "１２０", "令和8年12月31日", "要確認"])
    sheet.append(["緑川町役場", "MK-30001", two, 30, "R8.12.31", None])
    serial = (date(2027, 9, 30) - date(1899, 12, 30)).days
    sheet.append(["医療法人社団 白樺会", "SK-40001", three, "75本", serial, None])
    sheet.append(["医療法人社団 白樺会", "SK-40002", one, 10, date(2027, 9, 30), None])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


EXPECTED = {
    "vendor": [
        ("㈱あけぼの食品", "AK-10001", 0, 1200, "2027-03-31"),
        ("㈱あけぼの食品", "AK-10001", 1, 80, "2027-03-31"),
        ("学校法人はなぞの学園", "HZ-20002", 1, 450, "2027-06-30"),
    ],
    "distributor": [
        ("有限会社みさき設計", "D000123", 0, 25, "2027-03-31"),
        ("有限会社みさき設計", "D000124", 2, 25, "2027-03-31"),
        ("合同会社ことり", "D000200", 2, 5, "2027-08-31"),
    ],
    "own": [
        ("緑川町役場", "MK-30001", 0, 120, "2026-12-31"),
        ("緑川町役場", "MK-30001", 1, 30, "2026-12-31"),
        ("医療法人社団 白樺会", "SK-40001", 2, 75, "2027-09-30"),
        ("医療法人社団 白樺会", "SK-40002", 0, 10, "2027-09-30"),
    ],
}
"""By list what is held in the end: customer, license ID, which of the codes, quantity, day."""
LISTS = {"vendor": vendor_list, "distributor": distributor_list, "own": own_workbook}
