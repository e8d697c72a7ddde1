"""The wire between two hosts, that may be cut: what is said comes to nobody, and nobody is told."""

import ctypes
import socket
import struct
import threading
from contextlib import suppress

_PIECE = 1 << 16
_ATTACH_FILTER, _DETACH_FILTER = 26, 27
_NOTHING = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))
"""A filter of packets that lets none through (``BPF_RET 0``): the kernel does not even say that it got them."""


class Wire:
    """Carries what is said to *port* of this machine on to *far*, a port or the path of a socket."""

    def __init__(self, far: int | str) -> None:
        self._far = far
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = int(self._listener.getsockname()[1])
        self._whole, self._ends = threading.Event(), list[socket.socket]()
        self._whole.set()
        self._refuses = False
        threading.Thread(target=self._accepts, name="wire", daemon=True).start()

    def cuts(self) -> None:
        """Let nothing through any more, and tell nobody: neither end hears that what it says came to nobody."""
        self._whole.clear()
        for end in (self._listener, *self._ends):
            _deafens(end)

    def refuses(self) -> None:
        """Let whoever calls be refused at once, as by a machine on which nothing listens."""
        self._refuses = True
        self._drops()

    def mends(self) -> None:
        """Carry again. Of the connections of before nobody knows any more, as after a change of the way."""
        self._refuses = False
        _hears(self._listener)
        self._drops()
        self._whole.set()

    def closes(self) -> None:
        _close(self._listener)
        self.mends()

    def _drops(self) -> None:
        ends, self._ends = self._ends, []
        for end in ends:
            _hears(end)
            _close(end)

    def _accepts(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._carries, args=(near,), daemon=True).start()

    def _carries(self, near: socket.socket) -> None:
        self._whole.wait()
        far = None if self._refuses else self._reaches()
        if far is None:
            _close(near)
            return
        self._ends += [near, far]
        back = threading.Thread(target=self._pours, args=(far, near), daemon=True)
        back.start()
        self._pours(near, far)
        back.join()

    def _reaches(self) -> socket.socket | None:
        """Return a connection to the far end; None where nobody listens there."""
        far = socket.socket(socket.AF_INET if isinstance(self._far, int) else socket.AF_UNIX)
        try:
            far.connect(("127.0.0.1", self._far) if isinstance(self._far, int) else self._far)
        except OSError:
            far.close()
            return None
        return far

    def _pours(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                self._whole.wait()
                sink.sendall(piece)
        _close(source)
        _close(sink)


def _deafens(end: socket.socket) -> None:
    """Let the kernel drop whatever comes to *end*."""
    with suppress(OSError):
        program = struct.pack("HL", 1, ctypes.addressof(_NOTHING))
        end.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, program)


def _hears(end: socket.socket) -> None:
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, _DETACH_FILTER, 0)


def _close(end: socket.socket) -> None:
    """Close *end*, also for whoever waits for something to come from it."""
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
