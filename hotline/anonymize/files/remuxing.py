"""Put sound and moving pictures into a new container as they are, and nothing else of what came with them.

Left behind: names, dates, places, chapters, covers, subtitles, tracks of positions, units of pictures that no decoder
draws from (H.264 and H.265 SEI, AV1 metadata, user data of MPEG-1, 2 and 4), and who wrote the file. Nothing is decoded,
so nothing is lost or takes long, and a picture stays bit by bit as it came: what somebody hides within its pixels, or as
other than letters behind them, where a form does not say how long a picture is, goes on with it.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

import av
from av.bitstream import BitStreamFilterContext
from av.stream import Disposition

from hotline.anonymize.files.copies import Fact, NoCopy, Why
from hotline.anonymize.files.facts import facts_of_fields
from hotline.anonymize.files.frames import (
    jpeg_frame,
    mpeg_frame,
    vorbis_head,
    without_tail,
)
from hotline.anonymize.files.units import (
    UNITS,
    av1_head,
    avc_head,
    drawn_from,
    drawn_units,
    ends_in_words,
    hevc_head,
)

_MOST_STREAMS = 8
_MOST_TRACKS = 64
_SLACK = 1 << 20
_SILENT = {"fflags": "+bitexact"}
_READING = {"fflags": "+genpts+discardcorrupt", "protocol_whitelist": ""}
# Forms of frames behind frames, to which whatever stands behind the last of them seems to belong.
_WITHOUT_CONTAINER = frozenset({"mp3", "aac", "flac", "amr"})
# Those units alone that pictures are drawn from. Words in MPEG-4 tell of two pictures in one, which so come apart first.
_DRAWN = {
    "av1": "filter_units=pass_types=1-4|6-7",
    "mpeg4": "mpeg4_unpack_bframes",
}
_HEADS: dict[str, Callable[[bytes], bytes]] = {
    "h264": avc_head,
    "hevc": hevc_head,
    "av1": av1_head,
    "vorbis": vorbis_head,
    **{codec: partial(drawn_from, codec) for codec in UNITS},
}


@dataclass(frozen=True, slots=True)
class _Form:
    """A container: what it is called, the media types of what it holds, the codecs it takes, and how it is told to be silent."""

    name: str
    sound: str
    film: str
    takes: frozenset[str]
    options: dict[str, str]


_FORMS = (
    _Form("mp3", "audio/mpeg", "", frozenset({"mp3"}), {"write_xing": "0", "id3v2_version": "0", "write_id3v1": "0"}),
    _Form("amr", "audio/amr", "", frozenset({"amr_nb"}), {}),
    _Form("ogg", "audio/ogg", "", frozenset({"opus", "vorbis"}), {}),
    _Form("flac", "audio/flac", "", frozenset({"flac"}), {}),
    _Form("wav", "audio/wav", "", frozenset({"pcm_s16le", "pcm_u8", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_mulaw", "pcm_alaw", "adpcm_ms", "adpcm_ima_wav", "gsm_ms"}), {"write_bext": "0"}),
    _Form("mp4", "audio/mp4", "video/mp4", frozenset({"h264", "hevc", "mpeg4", "av1", "mpeg2video", "aac", "mp3", "mp2", "ac3", "eac3", "alac"}), {"write_tmcd": "0"}),
    _Form("webm", "audio/webm", "video/webm", frozenset({"vp8", "vp9", "av1", "opus", "vorbis"}), {}),
    _Form("mp4", "audio/mp4", "video/mp4", frozenset({"h264", "hevc", "mpeg4", "av1", "vp9", "aac", "mp3", "opus", "flac", "ac3", "alac"}), {"write_tmcd": "0"}),
    _Form("3gp", "audio/3gpp", "video/3gpp", frozenset({"h263", "h264", "mpeg4", "aac", "amr_nb", "amr_wb"}), {}),
    _Form("asf", "audio/x-ms-wma", "video/x-ms-wmv", frozenset({"wmav1", "wmav2", "wmapro", "wmv1", "wmv2", "wmv3", "vc1", "msmpeg4v2", "msmpeg4v3", "mp3"}), {}),
)  # fmt: skip
# What is known to say nothing in its frames; DV, for one, writes the time and the camera into each.
_ALSO_KNOWN = frozenset({"mjpeg", "mpeg1video", "flv1", "vp6", "vp6f", "msmpeg4v1", "pcm_s16be", "pcm_s24be", "pcm_f32be", "pcm_s8", "adpcm_ima_qt", "adpcm_yamaha", "dts", "speex"})  # fmt: skip
_LAST = _Form(
    "matroska",
    "audio/x-matroska",
    "video/x-matroska",
    _ALSO_KNOWN.union(*(form.takes for form in _FORMS)),
    {},
)


def remux(content: bytes, form: str, until: float) -> tuple[str, BytesIO]:
    """Return the media type of a copy, and the copy.

    *form* is what the original is; *until* is of the monotonic clock.

    Raises:
        NoCopy: there is neither sound nor film in it, or it takes too long.
        Exception: whatever the library meets in a stranger's file.
    """
    if form in _WITHOUT_CONTAINER:
        content = without_tail(content)
    with av.open(
        BytesIO(content), format=form, options=_READING, metadata_errors="replace"
    ) as came:
        streams = _heard_and_seen(came)
        is_film = any(stream.type == "video" for stream in streams)
        chosen = _form_for({_codec(stream) for stream in streams}, is_film=is_film)
        into = _copied(came, streams, chosen, len(content), until)
    return chosen.film if is_film else chosen.sound, into


def _form_for(codecs: set[str], *, is_film: bool) -> _Form:
    """Return the container that takes what is known of *codecs*; those that are used most are asked first."""
    for form in (*_FORMS, _LAST):
        if codecs <= form.takes and (form.film if is_film else form.sound):
            return form
    raise NoCopy(Why.UNKNOWN_KIND)


def facts_of_streams(content: bytes, form: str) -> tuple[Fact, ...]:
    """Return what the container of a film or a sound says of where and when it was made, and by whom."""
    said: dict[str, list[str]] = {}
    with av.open(
        BytesIO(content), format=form, options=_READING, metadata_errors="replace"
    ) as came:
        tracks = list(came.streams)[:_MOST_TRACKS]
        for name, text in (pair for one in (came, *tracks) for pair in one.metadata.items()):
            last = name.lower().partition("-")[0].rpartition(".")[2]
            said.setdefault(last, []).append(text)
    return facts_of_fields(said)


def _heard_and_seen(came: Any) -> list[Any]:
    streams = [
        stream
        for stream in list(came.streams)[:_MOST_TRACKS]
        if stream.type in {"audio", "video"}
        and not stream.disposition & Disposition.attached_pic
        and stream.codec_context is not None
    ]
    if not streams:
        raise NoCopy(Why.BROKEN)
    if len(streams) > _MOST_STREAMS:
        raise NoCopy(Why.TOO_LARGE)
    return streams


def _codec(stream: Any) -> str:
    """Return what the form of a stream is called, whichever of the decoders for it there is."""
    name: str = stream.codec_context.codec.canonical_name
    return name


def _copied(came: Any, streams: list[Any], form: _Form, size: int, until: float) -> BytesIO:
    into = BytesIO()
    with av.open(into, "w", format=form.name, options=_SILENT | form.options) as goes:
        tracks = {stream.index: _Track(stream, _template(goes, stream)) for stream in streams}
        count = 0
        for packet in came.demux(streams):
            track = tracks[packet.stream.index]
            for kept in map(track.bare, track.drawn_from(packet)):
                if kept.size:
                    goes.mux(kept)
                    count += 1
            if time.monotonic() > until:
                raise NoCopy(Why.TOOK_TOO_LONG)
            if into.tell() > 2 * size + _SLACK:
                raise NoCopy(Why.TOO_LARGE)
        if not count:
            raise NoCopy(Why.BROKEN)
    return into


def _template(goes: Any, stream: Any) -> Any:
    """Return a stream like *stream* in a new container, without what is said of it."""
    try:
        copy = goes.add_stream_from_template(stream, opaque=True)
    except ValueError:
        raise NoCopy(Why.UNKNOWN_KIND) from None
    copy.metadata.clear()
    silence = _HEADS.get(_codec(stream))
    if silence and (head := stream.codec_context.extradata):
        copy.codec_context.extradata = silence(head)
    return copy


class _Track:
    """A stream that came, and the one like it that goes."""

    def __init__(self, came: Any, goes: Any) -> None:
        self.came, self.goes = came, goes
        self.codec = _codec(came)
        self._head = came.codec_context.extradata or b""
        drawn = _DRAWN.get(self.codec)
        self._filter = BitStreamFilterContext(drawn, came) if drawn else None

    def drawn_from(self, packet: Any) -> Iterable[Any]:
        """Return what is to be heard and seen of *packet*, without what is only said beside it."""
        if not packet.size:
            return ()
        return self._filter.filter(packet) if self._filter else (packet,)

    def bare(self, packet: Any) -> Any:
        """Return *packet* as it goes: its bytes and its times, not what is attached to it.

        Raises:
            NoCopy: words stand where they cannot be told from the picture.
        """
        bare = av.Packet(self._content(bytes(packet)))
        bare.pts, bare.dts, bare.duration = packet.pts, packet.dts, packet.duration
        bare.time_base = packet.time_base or self.came.time_base
        bare.is_keyframe = packet.is_keyframe
        bare.stream = self.goes
        return bare

    def _content(self, content: bytes) -> bytes:
        if self.codec in {"mp3", "mp2"}:
            # No player would hear what stands behind the frame.
            return content[: mpeg_frame(content) or None]
        if self.codec == "mjpeg":
            content = jpeg_frame(content)
        elif self.codec in {"h264", "hevc"}:
            content = drawn_units(self.codec, self._head, content)
        elif self.codec in UNITS:
            content = drawn_from(self.codec, content)
        if self.came.type == "video" and ends_in_words(content):
            raise NoCopy(Why.UNKNOWN_KIND)
        return content
