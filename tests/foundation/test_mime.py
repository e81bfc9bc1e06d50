"""E-mail of anybody is read, whatever it says of itself."""

from hypothesis import given, settings
from hypothesis import strategies as st

from foundation import mime

CHARSETS = (
    "rot13 hex base64 zip bz2 uu quopri idna punycode undefined unicode_escape raw_unicode_escape utf-7 utf-16 utf-32 "
    "mbcs x-unknown utf-8' * =?utf-8?q?x?= us-ascii cp932"
).split()
PACKINGS = "7bit base64 quoted-printable x-uuencode rot13 hex".split()
KINDS = (
    "text/plain text/html text/rfc822-headers message/rfc822 message/delivery-status message/partial multipart/report "
    "multipart/mixed image/png / text"
).split()
any_charset = st.one_of(st.sampled_from(CHARSETS), st.sampled_from(["", "u\0f", "utf\xff8", "ü", "a" * 20_000]))
any_content = st.one_of(
    st.binary(max_size=60),
    st.sampled_from([b"!!!!", b"=ZZ=\xff", b"begin 644 x\n#0V%T\n`\nend\n", b"Message-ID: <\0a\xff@x>\n\n"]),
)


@st.composite
def any_part(draw):
    parameter = draw(
        st.sampled_from(['charset="{}"', "charset={}", "charset*={}''x", "charset*0*=utf-8''{};charset*1=x"])
    )
    head = f"Content-Type: {draw(st.sampled_from(KINDS))}; {parameter.format(draw(any_charset))}; boundary=b"
    head += f"\nContent-Transfer-Encoding: {draw(st.sampled_from(PACKINGS))}\n"
    head += f"Subject: =?{draw(any_charset)}?{draw(st.sampled_from('bqx'))}?gg?=\n\n"
    return head.encode("latin-1") + draw(any_content)


@settings(max_examples=150, deadline=None)
@given(parts=st.lists(any_part(), min_size=1, max_size=3))
def test_nothing_that_somebody_writes_raises(parts):
    whole = (
        b"Content-Type: multipart/report; boundary=b\n\n" + b"".join(b"--b\n%s\n" % part for part in parts) + b"--b--"
    )
    for source in (whole, parts[0]):
        for part in mime.parse(source).walk():
            said = [mime.text(part), mime.header(part, "Subject"), *mime.headers(part, "Content-Type")]
            assert isinstance(mime.content(part), bytes)
            for text in said:
                assert "\0" not in text
                text.encode()  # no halves of characters


def test_what_names_a_charset_that_is_none_is_read_all_the_same():
    for charset in ("rot13", "hex", "undefined", "x-unknown", "u\0f"):
        source = f'Content-Type: text/plain; charset="{charset}"\n\n'.encode() + "不在です".encode("iso-2022-jp")
        assert mime.text(mime.parse(source)) == "不在です"
    packed = mime.parse(b"Content-Type: text/plain; charset=hex\nContent-Transfer-Encoding: base64\n\n44GC44GE")
    assert mime.text(packed) == "あい"
    assert (
        mime.header(mime.parse(b"Subject: =?utf-8?b?44GC?=\n =?rot13?q?x?=\n\n"), "Subject")
        == "=?utf-8?b?44GC?= =?rot13?q?x?="
    )


def test_more_than_anybody_writes_is_read_by_its_head():
    sources = {
        "deep": b"Content-Type: message/rfc822\n\n" * 5_000,
        "nested": b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(500)),
        "many": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 5_000,
        "groups": b"Content-Type: message/delivery-status\n\n" + b"Action: failed\n\n" * 5_000,
    }
    within = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(150))
    assert len(list(mime.parse(within + b"x").walk())) == 151
    for name, source in sources.items():
        message = mime.parse(b"Subject: head\r\n" + source)
        assert (mime.header(message, "Subject"), message.is_multipart(), mime.text(message)) == ("head", False, ""), (
            name
        )
    long = mime.parse(b"Subject: " + b"=?utf-8?q?a?= " * 50_000 + b"\n\nx")
    assert (len(long["Subject"]), mime.text(long)) == (mime.LONGEST_HEADER, "x")
