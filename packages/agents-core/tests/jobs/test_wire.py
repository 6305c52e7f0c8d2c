"""How a message is spelled in bytes: everything comes back, and nothing else gets in."""

from __future__ import annotations

import json
import pickle
import typing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents_core.jobs import messages
from agents_core.jobs.messages import LogLine, Message, Ping, RequestShutdown, RunningJob, StartJob
from agents_core.jobs.wire import MAX_FRAME, ChannelError, Frames, encode

HEADER = 8

st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(str, st.text(st.characters()))  # surrogates too: logs may hold anything

any_message = st.one_of(*(st.from_type(kind) for kind in typing.get_args(messages.Message)))


def split(*pieces: bytes) -> list[Message]:
    frames = Frames()
    found = [message for piece in pieces for message in frames.feed(piece)]
    frames.end()
    return found


@pytest.mark.property
@settings(max_examples=60, deadline=None)
@given(st.lists(any_message, max_size=4), st.integers(1, 50))
def test_every_message_comes_back_however_the_bytes_are_cut(said: list[Message], size: int) -> None:
    data = b"".join(map(encode, said))

    assert split(*(data[at : at + size] for at in range(0, len(data), size))) == said


@pytest.mark.property
@settings(max_examples=60, deadline=None)
@given(any_message, st.data())
def test_a_frame_that_is_cut_off_is_an_error(message: Message, data: st.DataObject) -> None:
    frame = encode(message)
    cut = data.draw(st.integers(1, len(frame) - 1))

    with pytest.raises(ChannelError):
        split(frame[:cut])


@pytest.mark.property
@settings(max_examples=80, deadline=None)
@given(any_message, st.data())
def test_a_frame_with_a_changed_byte_is_a_message_or_an_error_and_nothing_else(
    message: Message, data: st.DataObject
) -> None:
    frame = bytearray(encode(message))
    at = data.draw(st.integers(0, len(frame) - 1))
    frame[at] ^= data.draw(st.integers(1, 255))

    try:
        found = split(bytes(frame))
    except ChannelError:
        return

    assert all(isinstance(one, typing.get_args(messages.Message)) for one in found)


@pytest.mark.property
@settings(max_examples=80, deadline=None)
@given(
    st.one_of(st.binary(min_size=1), st.binary(min_size=HEADER).map(lambda rest: b"AJ\0\1" + rest))
)
def test_garbage_is_an_error_and_nothing_else(garbage: bytes) -> None:
    with pytest.raises(ChannelError):
        split(garbage)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.property
@settings(max_examples=60, deadline=None)
@given(
    JSON | st.fixed_dictionaries({"type": st.sampled_from(["Ping", "StartJob"]), "running": JSON})
)
def test_json_that_is_no_message_is_an_error(plain: object) -> None:
    with pytest.raises(ChannelError):
        split(framed(json.dumps(plain).encode()))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"type":"Ping","timestamp":true}', id="a boolean for a number"),
        pytest.param(b'{"type":"Ping","timestamp":NaN}', id="not a number"),
        pytest.param(b'{"type":"Ping","timestamp":1' + b"0" * 400 + b"}", id="an endless number"),
        pytest.param(b'{"type":"Ping","timestamp":1' + b"0" * 5000 + b"}", id="a longer one"),
        pytest.param(b'{"type":"Ping"}', id="a field too few"),
        pytest.param(b'{"type":"Ping","timestamp":1,"more":1}', id="a field too many"),
        pytest.param(b'{"type":"Pickle","data":""}', id="an unknown message"),
        pytest.param(b'{"type":["Ping"],"timestamp":1}', id="a type that is none"),
        pytest.param(b"[" * 100_000, id="a deep hole"),
        pytest.param(b"\xff\xfe", id="no text"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_a_frame_around_something_else_is_an_error(body: bytes) -> None:
    with pytest.raises(ChannelError, match="holds no message"):
        split(framed(body))


def test_bytes_that_are_not_base64_are_an_error() -> None:
    running = RunningJob(job=b"job", url="", token="", worker_id="")
    frame = encode(StartJob(running=running)).replace(b'"am9i"', b'"am9!"')

    with pytest.raises(ChannelError):
        split(frame)


def test_a_pickle_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(ChannelError, match="not a frame"):
        split(pickle.dumps(Ping(timestamp=1.0)))


def test_another_version_is_refused_by_name() -> None:
    frame = bytearray(encode(Ping(timestamp=1.0)))
    frame[3] = 7

    with pytest.raises(ChannelError, match="speaks version 7, this one 1"):
        split(bytes(frame))


def test_a_length_beyond_all_measure_is_refused_before_anything_is_kept() -> None:
    with pytest.raises(ChannelError, match="too long to accept"):
        split(b"AJ\0\1\xff\xff\xff\xff")


def test_a_message_that_is_too_long_is_not_sent() -> None:
    with pytest.raises(ChannelError, match="too long to send"):
        encode(RequestShutdown(reason="x" * MAX_FRAME))


def test_a_message_that_is_made_of_something_else_is_not_sent() -> None:
    with pytest.raises(ChannelError, match="cannot be sent"):
        encode(RequestShutdown(reason=object()))  # type: ignore[arg-type]
    with pytest.raises(ChannelError, match="cannot be sent"):
        encode(Ping(timestamp=float("nan")))


def test_what_came_before_garbage_is_given_first() -> None:
    found: list[Message] = []

    with pytest.raises(ChannelError):
        found.extend(Frames().feed(encode(Ping(timestamp=1.0)) + b"garbage!"))

    assert found == [Ping(timestamp=1.0)]


def test_a_log_line_of_any_script_comes_back() -> None:
    line = LogLine(
        name="n",
        level=20,
        message="नमस्ते \ud800 \0",
        created=1.5,
        thread="t",
        path="p",
        line=1,
    )

    assert split(encode(line)) == [line]


def framed(body: bytes) -> bytes:
    return b"AJ\0\1" + len(body).to_bytes(4, "big") + body
