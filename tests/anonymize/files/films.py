"""Sound and film as strangers send them, made frame by frame, and full of what their containers say of somebody."""

import struct
from collections.abc import Callable
from fractions import Fraction
from io import BytesIO
from typing import Any

import av

from tests.anonymize.files.made import OWNER

POINT = "+41.38790+002.16992/"
WHEN = "2026-03-14T05:06:07Z"
SAID = {
    "title": f"{OWNER} at home",
    "artist": OWNER,
    "comment": f"call {OWNER}",
    "location": POINT,
    "creation_time": WHEN,
    "encoder": OWNER,
}
RATE = 48_000
_SIZE = (64, 48)
_WORDS = f"{OWNER} {WHEN} {POINT}".encode()


def film(
    form: str = "mp4",
    pictures: str = "libx264",
    sound: str = "aac",
    *,
    said: dict[str, str] = SAID,
    options: dict[str, str] | None = None,
    also: Callable[[Any], Callable[[], None]] | None = None,
    change: Callable[[bytes], bytes] = bytes,
    frames: int = 12,
    size: tuple[int, int] = _SIZE,
    rate: int = RATE,
) -> bytes:
    """Return a film of *frames* frames, or without *pictures* a sound; *also* adds something, and its end.

    *change* is what becomes of each picture.
    """
    into = BytesIO()
    with av.open(into, "w", format=form, options=options or {}) as goes:
        seen = _seen(goes, pictures, size) if pictures else None
        trying = {"strict": "experimental"} if sound == "vorbis" else {}
        heard = goes.add_stream(sound, rate=rate, options=trying) if sound else None
        if heard is not None and sound == "libopencore_amrnb":
            heard.codec_context.layout = "mono"
            heard.codec_context.bit_rate = 12_200
        if heard is not None and sound == "wmav2":
            heard.codec_context.bit_rate = 64_000
        goes.metadata.update(said)
        for stream in goes.streams:
            stream.metadata.update({"handler_name": f"{OWNER}'s telephone"} if said else {})
        ends = also(goes) if also else None
        if seen is not None:
            _show(goes, seen, frames, size, change)
        if heard is not None:
            _sound(goes, heard, 12)
        if ends is not None:
            ends()
    return into.getvalue()


def _seen(goes: Any, codec: str, size: tuple[int, int]) -> Any:
    stream = goes.add_stream(codec, rate=25 if codec == "mpeg1video" else 10)
    stream.width, stream.height = size
    stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    return stream


def _show(
    goes: Any, stream: Any, frames: int, size: tuple[int, int], change: Callable[[bytes], bytes]
) -> None:
    for number in range(frames):
        frame = av.VideoFrame(*size, stream.pix_fmt)
        for plane in frame.planes:
            plane.update(bytes((number * 9 % 200 + 20,)) * plane.buffer_size)
        frame.pts, frame.time_base = number, Fraction(1, 10)
        _mux(goes, stream, stream.encode(frame), change)
    _mux(goes, stream, stream.encode(None), change)


def _mux(goes: Any, stream: Any, packets: list[Any], change: Callable[[bytes], bytes]) -> None:
    for came in packets:
        packet = av.Packet(change(bytes(came)))
        packet.pts, packet.dts, packet.duration = came.pts, came.dts, came.duration
        packet.time_base, packet.is_keyframe = came.time_base, came.is_keyframe
        packet.stream = stream
        goes.mux(packet)


def user_data(before: int) -> Callable[[bytes], bytes]:
    """Return what writes words of a camcorder before the unit of each picture that is of the kind *before*."""

    def change(picture: bytes) -> bytes:
        at = picture.index(b"\x00\x00\x01" + bytes((before,)))
        return picture[:at] + b"\x00\x00\x01\xb2" + _WORDS + b"\x00" + picture[at:]

    return change


def unit_behind(head: bytes) -> Callable[[bytes], bytes]:
    """Return what writes a unit of words behind each picture."""
    return lambda picture: picture + b"\x00\x00\x00\x01" + head + _WORDS + b"\x80"


def words_behind(picture: bytes) -> bytes:
    return picture + _WORDS


def _sound(goes: Any, stream: Any, frames: int) -> None:
    context = stream.codec_context
    context.open(strict=False)
    size = context.frame_size or 1024
    for number in range(frames):
        frame = av.AudioFrame(context.format.name, context.layout.name, size)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.sample_rate, frame.pts = context.sample_rate, number * size
        frame.time_base = Fraction(1, context.sample_rate)
        goes.mux(stream.encode(frame))
    goes.mux(stream.encode(None))


def sound(
    form: str, codec: str, *, said: dict[str, str] = SAID, rate: int = RATE, **more: Any
) -> bytes:
    return film(form, "", codec, said=said, rate=rate, **more)


def chapters(goes: Any) -> None:
    """Name the parts of a film."""
    goes.set_chapters(
        [
            {"id": 1, "start": 0, "end": 500, "time_base": Fraction(1, 1000), "metadata": {"title": OWNER}},
            {"id": 2, "start": 500, "end": 1000, "time_base": Fraction(1, 1000), "metadata": {"title": "Brackwater"}},
        ]
    )  # fmt: skip


def positions(goes: Any) -> Callable[[], None]:
    """Add a track that says every half second where the camera is, as drones do."""
    track = goes.add_stream("mov_text")
    track.codec_context.subtitle_header = b"[Script Info]\n"

    def write() -> None:
        for number in range(2):
            words = f"GPS({POINT}) {OWNER}".encode()
            packet = av.Packet(struct.pack(">H", len(words)) + words)
            packet.stream, packet.time_base = track, Fraction(1, 1000)
            packet.pts = packet.dts = number * 500
            packet.duration = 500
            goes.mux(packet)

    return write


def telemetry(goes: Any) -> Callable[[], None]:
    """Add a track of nothing but readings, which no player shows."""
    track = goes.add_data_stream("klv")

    def write() -> None:
        packet = av.Packet(f"GPS({POINT}) {OWNER}".encode())
        packet.stream, packet.time_base = track, Fraction(1, 90_000)
        packet.pts = packet.dts = 1_000
        goes.mux(packet)

    return write


def attached(goes: Any) -> None:
    """Put a file into a film."""
    chapters(goes)
    goes.add_attachment(f"{OWNER}.txt", "text/plain", f"{OWNER} lives in Brackwater".encode())


def turned(film: bytes) -> bytes:
    """Return an MP4 as a camera writes it that was held upright: to be turned by 90 degrees when it is shown."""
    at = film.index(b"tkhd") + 4 + 40
    upright = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    return film[:at] + upright + film[at + 36 :]


def with_words_beside_the_pictures(film: bytes) -> bytes:
    """Return an H.264 film whose encoder's words, which no viewer shows, name somebody."""
    at = film.index(b"x264 - core")
    return film[:at] + OWNER.encode() + film[at + len(OWNER) :]


def id3(content: bytes, cover: bytes) -> bytes:
    """Return an MP3 with a name, a note and a cover before its sound, and a name behind it."""
    frames = b"".join(
        name + struct.pack(">IH", len(said), 0) + said
        for name, said in (
            (b"TPE1", b"\x03" + OWNER.encode()),
            (b"TDRC", b"\x03" + WHEN.encode()),
            (b"COMM", b"\x03eng\x00" + f"call {OWNER}".encode()),
            (b"GEOB", b"\x00text/plain\x00a.txt\x00\x00" + OWNER.encode()),
            (b"APIC", b"\x00image/jpeg\x00\x03\x00" + cover),
        )
    )
    size = bytes(len(frames) >> shift & 0x7F for shift in (21, 14, 7, 0))
    last = b"TAG" + OWNER.encode().ljust(125, b"\x00")
    ape_item = struct.pack("<II", len(OWNER), 0) + b"Artist\x00" + OWNER.encode()
    ape = b"APETAGEX" + struct.pack("<IIII", 2000, 32 + len(ape_item), 1, 0) + bytes(8)
    return b"ID3\x03\x00\x00" + size + frames + content + ape_item + ape + last


def riff_info(wav: bytes) -> bytes:
    """Return a WAV with an artist, a time and a place of its own behind its sound."""
    artist = OWNER.encode() + b"\x00"
    artist += b"\x00" * (len(artist) % 2)
    said = b"INFOIART" + struct.pack("<I", len(artist)) + artist
    listed = b"LIST" + struct.pack("<I", len(said)) + said
    told = OWNER.encode().ljust(256, b"\x00") + OWNER.encode().ljust(32, b"\x00") + bytes(32)
    told += b"2026-03-1405:06:07" + bytes(602 - 338)
    bext = b"bext" + struct.pack("<I", len(told)) + told
    body = wav[8:] + listed + bext
    return b"RIFF" + struct.pack("<I", len(body)) + body


def heavy(megabytes: int) -> bytes:
    """Return a film of *megabytes*: few pictures, each with a slice behind it that no decoder understands."""
    into = BytesIO()
    filling = b"\x00\x00\x00\x01\x01" + b"\xff" * ((1 << 20) - 6) + b"\x80"
    with av.open(BytesIO(film(sound=""))) as came, av.open(into, "w", format="mp4") as goes:
        stream = goes.add_stream_from_template(came.streams.video[0], opaque=True)
        first = next(came.demux(video=0))
        words = struct.pack(">I", len(filling) - 4) + filling[4:]
        for number in range(megabytes):
            packet = av.Packet(bytes(first) + words)
            packet.stream, packet.time_base = stream, Fraction(1, 10)
            packet.pts = packet.dts = number
            packet.is_keyframe = True
            goes.mux(packet)
    return into.getvalue()
