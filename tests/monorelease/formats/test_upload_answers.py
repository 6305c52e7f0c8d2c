"""What ``uv publish`` says is understood, whatever an index made it say, and secrets stay in."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.upload_answers import (
    LONGEST,
    begins_error,
    file_begun,
    never_sent,
    parse_refusal,
    says_there,
    scrub,
)
from monorelease.model.publication import RefusalKind

WHEEL = "core-1.0-py3-none-any.whl"
FAILED = f"error: Failed to publish `dist/{WHEEL}` to `https://upload.pypi.example/legacy/`\n"


def answered(status: str, words: str = "Because.") -> str:
    """What uv 0.13 says of an answer."""
    return f"{FAILED}  cause: Server returned status code {status}. Server says: {words}\n"


def failed(*causes: str) -> str:
    """What uv 0.13 says where there was no answer."""
    return FAILED + "".join(f"  cause: {cause}\n" for cause in causes)


def untrusted(*causes: str) -> str:
    """What uv 0.13 says where nobody gives it a token."""
    return "error: Failed to obtain token for trusted publishing\n" + "".join(
        f"  cause: {cause}\n" for cause in causes
    )


@pytest.mark.parametrize("verb", ["Hashing", "Uploading"])
def test_the_file_that_uv_begins_with_is_named(verb: str) -> None:
    assert file_begun(f"{verb} {WHEEL} (326B)") == WHEEL
    assert file_begun(f"{verb} {WHEEL} (1.2MiB)\r\n") == WHEEL


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Publishing 2 files to https://upload.pypi.example/legacy/",
        f"  Uploading {WHEEL} (326B)",
        f"Uploading {WHEEL}",
        f"Uploading {WHEEL} (326B) and more",
        "Uploading two words (326B)",
        f"Downloading {WHEEL} (326B)",
    ],
)
def test_nothing_else_is_taken_for_that(line: str) -> None:
    assert file_begun(line) is None


def test_what_uv_leaves_out_is_noticed() -> None:
    assert says_there("File already exists, skipping\n")
    assert says_there(f"File {WHEEL} already exists, skipping")
    assert not says_there("  File already exists, skipping")
    assert not says_there("File already exists, skipping it is what the index advised")


def test_an_error_begins_with_the_word() -> None:
    assert begins_error("error: Failed")
    assert begins_error("ERROR Failed")
    assert not begins_error("errors are rare")
    assert not begins_error("  error: Failed")


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        ("400 Bad Request", "400 File already exists ('x', with hash 'y').", RefusalKind.EXISTS),
        ("400 Bad Request", "Validation failed: File name has already been taken", "exists"),
        ("400 Bad Request", "Repository does not allow updating asset: x", RefusalKind.EXISTS),
        ("403 Forbidden", "Not enough permissions to delete/overwrite artifact", "exists"),
        ("409 Conflict", "Package 'x' already exists!", RefusalKind.EXISTS),
        ("409 Conflict", "", RefusalKind.EXISTS),
        ("400 Bad Request", "The name 'x' is too similar to an existing project.", "invalid"),
        ("400 Bad Request", "This filename has already been used, use another.", "invalid"),
        ("400 Bad Request", "'x' is an invalid value for Version.", RefusalKind.INVALID),
        ("404 Not Found", "It exists elsewhere.", RefusalKind.INVALID),
        ("413 Payload Too Large", "", RefusalKind.INVALID),
        ("418 I'm a teapot", "", RefusalKind.INVALID),
        ("422 Unprocessable Entity", "Error 500.", RefusalKind.INVALID),
        ("499 <unknown status code>", "", RefusalKind.INVALID),
        ("304 Not Modified", "", RefusalKind.INVALID),
        ("401 Unauthorized", "", RefusalKind.FORBIDDEN),
        ("403 Forbidden", "Invalid or non-existent authentication information.", "forbidden"),
        ("429 Too Many Requests", "Too many new projects created.", RefusalKind.TOO_MANY),
        ("500 Internal Server Error", "", RefusalKind.SERVER),
        ("503 Service Unavailable", "status code 429", RefusalKind.SERVER),
    ],
)
def test_what_an_index_means_follows_from_its_answer(
    status: str, words: str, kind: RefusalKind
) -> None:
    assert parse_refusal(answered(status, words)).kind == kind


def test_the_words_are_those_of_the_index_and_its_number_is_said_once() -> None:
    said = answered("429 Too Many Requests", "429 Too many new projects created")

    assert parse_refusal(said).words == "429 Too Many Requests: Too many new projects created"
    assert parse_refusal(answered("500 Internal Server Error", "")).words == (
        "500 Internal Server Error"
    )
    assert parse_refusal(answered("499 <unknown status code>", "Gone.")).words == "499: Gone."


@pytest.mark.parametrize(
    ("line", "kind", "words"),
    [
        (
            "Upload failed with status code 400 Bad Request. Server says: 400 No.",
            RefusalKind.INVALID,
            "400 Bad Request: No.",
        ),
        (
            "Permission denied (status code 403 Forbidden): 403 Migrate to tokens.",
            RefusalKind.FORBIDDEN,
            "403 Forbidden: Migrate to tokens.",
        ),
        ("Upload failed with status 502 Bad Gateway", RefusalKind.SERVER, "502 Bad Gateway"),
    ],
)
def test_older_wordings_are_understood(line: str, kind: RefusalKind, words: str) -> None:
    refusal = parse_refusal(f"{FAILED}  Caused by: {line}\n")

    assert (refusal.kind, refusal.words) == (kind, words)


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        (
            failed(
                "Failed to send POST request",
                "error sending request for url (https://upload.pypi.example/legacy/)",
                "client error (Connect)",
                "tcp connect error",
                "Connection refused (os error 111)",
            ),
            RefusalKind.UNREACHABLE,
            "tcp connect error: Connection refused (os error 111)",
        ),
        (
            failed("Failed to send POST request", "Missing credentials for: https://x.example/"),
            RefusalKind.FORBIDDEN,
            "Failed to send POST request: Missing credentials for: https://x.example/",
        ),
        (
            failed("POST requests are not supported by the endpoint. Server says: status 500 x"),
            RefusalKind.INVALID,
            "POST requests are not supported by the endpoint. Server says: status 500 x",
        ),
        (
            failed("Too many redirects, only 10 redirects are allowed"),
            RefusalKind.INVALID,
            "Too many redirects, only 10 redirects are allowed",
        ),
        (
            "error: Failed to publish: dist/x.whl\n  cause: Failed to read from zip file\n",
            RefusalKind.INVALID,
            "Failed to read from zip file",
        ),
        (
            "error: No files found to publish\n",
            RefusalKind.INVALID,
            "error: No files found to publish",
        ),
        (
            untrusted("Failed to fetch: https://pypi.example/_/oidc/audience", "dns error"),
            RefusalKind.UNREACHABLE,
            "Failed to fetch: https://pypi.example/_/oidc/audience: dns error",
        ),
        (
            untrusted("HTTP status server error (503 Service Unavailable) for url (https://x/)"),
            RefusalKind.SERVER,
            "503 Service Unavailable: for url (https://x/)",
        ),
        (
            untrusted("Server returned error code 422 Odd, is it configured?\nResponse: nobody"),
            RefusalKind.FORBIDDEN,
            "422 Odd: is it configured? Response: nobody",
        ),
        (
            untrusted("no ambient token found"),
            RefusalKind.FORBIDDEN,
            "no ambient token found",
        ),
        ("warning: odd\nerror: odder\n", RefusalKind.UNREACHABLE, "error: odder"),
        ("killed", RefusalKind.UNREACHABLE, "killed"),
        ("", RefusalKind.UNREACHABLE, "uv did not say why"),
    ],
    ids=range(13),
)
def test_without_an_answer_the_last_causes_are_told(
    said: str, kind: RefusalKind, words: str
) -> None:
    refusal = parse_refusal(said)

    assert (refusal.kind, refusal.words) == (kind, words)


@pytest.mark.parametrize(
    "cause", ["Broken pipe (os error 32)", "connection closed before message completed"]
)
def test_an_index_that_hangs_up_may_have_had_a_reason(cause: str) -> None:
    refusal = parse_refusal(failed("client error (SendRequest)", cause))

    assert refusal.kind is RefusalKind.UNREACHABLE
    assert refusal.words.startswith(f"client error (SendRequest): {cause} (some indexes hang up")


def test_a_page_is_told_as_a_person_sees_it() -> None:
    page = """
             <!DOCTYPE HTML>
             <html><head><title>Error: 409 Conflict</title>
             <style type="text/css"> html {color: #eee;} </style>
             <script>alert("status code 500")</script></head>
             <body><h1>Error: 409 Conflict</h1><pre>Package &#039;core&#039; &lt;1.0&gt; already
             exists!</pre>\x1b[31m&#27;[0m\u202e</body></html>"""

    assert parse_refusal(answered("409 Conflict", page)).words == (
        "409 Conflict: Error: 409 Conflict Package 'core' <1.0> already exists! [31m[0m"
    )


def test_endless_words_are_cut() -> None:
    words = parse_refusal(answered("500 Internal Server Error", "no " * 100_000)).words

    assert len(words) <= LONGEST
    assert words.startswith("500 Internal Server Error: no no")
    assert words.endswith("no…")


@pytest.mark.parametrize("hostile", ["<" * 10**6, "<title>" * 10**5, "status " * 10**5])
def test_hostile_words_are_read_in_no_time(hostile: str) -> None:
    """A pattern that went back and forth over a million signs would not end today."""
    assert parse_refusal(answered("400 Bad Request", hostile)).kind is RefusalKind.INVALID


def test_a_file_that_uv_left_out_is_told_with_uvs_words() -> None:
    said = f"warning: other\nwarning: `{WHEEL}` has a non-normalized filename, skipping\n"

    refusal = never_sent(WHEEL, said)

    assert refusal.kind is RefusalKind.INVALID
    assert refusal.words == f"warning: `{WHEEL}` has a non-normalized filename, skipping"


def test_a_file_that_uv_forgot_may_be_tried_again() -> None:
    refusal = never_sent(WHEEL, "warning: something else\n")

    assert refusal.is_passing
    assert refusal.words == "uv did not send it, and did not say why"


def test_the_longer_secret_goes_first_and_an_empty_one_hides_nothing() -> None:
    assert scrub("hunter2hunter", ("", "hunter", "hunter2")) == "******"


@pytest.mark.parametrize(
    "token",
    [
        "pypi-AgEIcHlwaS5vcmcCJDAw_-MDAw",
        base64.b64encode(b"__token__:minted by the index itself").decode(),
    ],
)
def test_a_token_is_hidden_although_nobody_knew_it(token: str) -> None:
    """Trusted publishing mints one that only uv and the index ever see."""
    words = parse_refusal(answered("400 Bad Request", f"<p>bad header: {token}!</p>")).words

    assert words == "400 Bad Request: bad header: ***!"
    assert scrub("pypi-server is not one", ()) == "pypi-server is not one"


def test_a_secret_that_is_a_number_hides_no_number_of_the_answer() -> None:
    refusal = parse_refusal(answered("429 Too Many Requests", "code 429"), ("429",))

    assert refusal.kind is RefusalKind.TOO_MANY
    assert refusal.words.endswith(": code ***")


SECRETS = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="*.…"), min_size=6
)
SPELLINGS = st.sampled_from(
    [
        lambda secret: secret,
        lambda secret: f"<p>{secret}</p>",
        lambda secret: "".join(f"&#{ord(sign)};" for sign in secret),
        lambda secret: "x" * 280 + secret,
        lambda secret: "<i>" * 5330 + secret,
    ]
)


@pytest.mark.property
@given(SECRETS, SPELLINGS, st.text(), st.text())
def test_no_words_give_a_secret_away(secret: str, spell: object, before: str, after: str) -> None:
    assert callable(spell)
    said = before + spell(secret) + after

    for refusal in (
        parse_refusal(said, (secret,)),
        parse_refusal(answered("400 Bad Request", said), (secret,)),
        parse_refusal(failed("Failed to send POST request", said), (secret,)),
        never_sent(WHEEL, f"{WHEEL} {said}", (secret,)),
    ):
        assert secret not in refusal.words.removeprefix("400 Bad Request: ")
        assert len(refusal.words) <= LONGEST + 100
        assert refusal.words.isprintable()
        assert refusal.words


@pytest.mark.property
@given(st.text(), st.sampled_from(["", "error: ", "error: \n cause: ", answered("500 x", "<")]))
def test_anything_at_all_is_a_refusal(said: str, begin: str) -> None:
    refusal = parse_refusal(begin + said)

    assert refusal.words
    assert refusal.words.isprintable()
