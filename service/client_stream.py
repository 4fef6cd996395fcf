"""Many pages in one request to /v1/clean/batch: sent by a thread of its own while their answers are read.

    pages → line → sent, and kept until its answer is there → answer

When the stream breaks off, the lines without an answer go first, as a request of their own that ends with them; then
the next page is taken. So every page has an answer or an error in its place, and none has two.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import BinaryIO, cast
from urllib.parse import urlsplit

from model.decoding import decode_page
from model.errors import InputError
from model.limits import Limits
from service.client_types import TRY_AGAIN, Answer, Page, ServiceError, checked, refusal

_WINDOW_BYTES = 1_000_000
"""bytes that may be sent and not answered: the service reads 65,536 at a time, so fewer could stand still for ever"""


class _BrokenOffError(Exception):
    """An exchange ended before its time. `error` is told when it was the last; `wait_s` is what Retry-After says."""

    def __init__(self, error: ServiceError, wait_s: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait_s = wait_s


class Stream:
    """Pages in, answers out, over as many connections as it takes; see `Winnow.clean_stream`."""

    def __init__(self, url: str, headers: Mapping[str, str], timeout_s: float, tries: int, pause_s: float) -> None:
        """Store how; `url` is that of /v1/clean/batch, checked, with its query."""
        self._url = url
        self._headers = {**headers, "Accept": "*/*", "Content-Type": "application/x-ndjson"}
        self._timeout_s, self._tries, self._pause_s = timeout_s, tries, pause_s

    def answers(self, pages: Iterable[Page]) -> Iterator[Answer | ServiceError]:
        """An answer or an error for each page, in their order. Raises ServiceError, and what `pages` raises."""
        lines = _Lines(pages)
        failed = 0
        while not lines.are_done:
            try:
                for answer in self._exchange(lines):
                    failed = 0
                    yield answer
            except _BrokenOffError as broken:
                failed += 1
                if failed >= self._tries:
                    raise broken.error from broken
                time.sleep(self._pause_s * 2 ** (failed - 1) if broken.wait_s is None else broken.wait_s)
        if lines.error:
            raise lines.error

    def _exchange(self, lines: _Lines) -> Iterator[Answer | ServiceError]:
        """One request, whole: the lines that were sent before and have no answer, or else fresh ones."""
        connection = self._connection()
        try:
            channel = self._begun(connection)
        except (OSError, HTTPException, ValueError) as error:
            raise self._broken(error) from error
        out = channel.makefile("wb")
        sender = threading.Thread(target=_send, args=(out, lines.open()), name="winnow stream", daemon=True)
        sender.start()
        failure: Exception | None = None
        response: HTTPResponse | None = None
        try:
            response = connection.getresponse()
            yield from self._read(response, lines)
        except (OSError, HTTPException) as error:
            failure = error
        finally:  # also when nobody wants further answers
            lines.close()
            _hang_up(channel)
            if response:
                response.close()
            connection.close()
        sender.join()
        yield from lines.errors_in_front()
        if failure or not lines.are_answered:
            raise self._broken(failure or "the stream ended early")

    def _connection(self) -> HTTPConnection:
        kinds: Mapping[str, type[HTTPConnection]] = {"http": HTTPConnection, "https": HTTPSConnection}
        parts = urlsplit(self._url)
        return kinds[parts.scheme](parts.hostname or "", parts.port, timeout=self._timeout_s)

    def _begun(self, connection: HTTPConnection) -> socket.socket:
        """Send the head. The socket is used from here on: http.client lets go of it when it has the answer's head."""
        parts = urlsplit(self._url)
        connection.putrequest("POST", f"{parts.path}?{parts.query}")
        for name, value in {**self._headers, "Transfer-Encoding": "chunked"}.items():
            connection.putheader(name, value)
        connection.endheaders()
        return cast("socket.socket", connection.sock)

    def _read(self, response: HTTPResponse, lines: _Lines) -> Iterator[Answer | ServiceError]:
        if response.status != 200:
            self._refuse(response)
        while line := response.readline():
            try:
                said = json.loads(line)
                problem = said.get("problem")
            except (ValueError, AttributeError):  # cut short, or not Winnow's
                return
            if "id" not in said and (not problem or problem["code"] != "too-large"):
                return  # said of the stream: nothing came for too long, or not all of it
            lines.answered()
            yield refusal(said["status"], problem) if problem else cast("Answer", said["answer"])
            yield from lines.errors_in_front()

    def _refuse(self, response: HTTPResponse) -> None:
        try:
            checked(response.status, response.read(), self._url)
        except ServiceError as error:
            if error.status not in TRY_AGAIN:
                raise
            wait = response.headers.get("Retry-After", "")
            raise _BrokenOffError(error, float(wait) if wait.isdecimal() else None) from error

    def _broken(self, reason: object) -> _BrokenOffError:
        return _BrokenOffError(ServiceError(f"The service at {self._url} cannot be used: {reason}. Check its address."))


class _Lines:
    """Pages as lines: the sender takes them, the reader ticks them off. What is between the two is kept here."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self.error: Exception | None = None
        """What `pages` raised."""
        self._pages = iter(pages)
        self._are_taken = False
        self._waiting: deque[bytes | ServiceError] = deque()
        """Lines without an answer, and in their places pages that could not be lines."""
        self._bytes = 0
        self._changed = threading.Condition()
        self._is_open = False
        self._are_sent_again = False
        self._number = 0

    @property
    def are_done(self) -> bool:
        """Whether every page was taken and answered."""
        return self._are_taken and not self._waiting

    @property
    def are_answered(self) -> bool:
        """Whether everything that the last request was for has its answer."""
        return self.are_done or (self._are_sent_again and not self._waiting)

    def open(self) -> Iterator[bytes]:
        """What the next request sends."""
        self._is_open = True
        again = [line for line in self._waiting if isinstance(line, bytes)]
        self._are_sent_again = bool(again)
        return iter(again) if again else self._fresh()

    def close(self) -> None:
        """Let the sender take no further page."""
        with self._changed:
            self._is_open = False
            self._changed.notify()

    def answered(self) -> None:
        """Tick off the first line that waits."""
        with self._changed:
            self._bytes -= len(cast("bytes", self._waiting.popleft()))
            self._changed.notify()

    def errors_in_front(self) -> Iterator[ServiceError]:
        """The pages whose turn it is and that could not be sent."""
        while self._waiting and isinstance(error := self._waiting[0], ServiceError):
            self._waiting.popleft()
            yield error

    def _fresh(self) -> Iterator[bytes]:
        while self._has_room() and not self._are_taken:
            try:
                line = self._line(next(self._pages))
            except StopIteration:
                self._are_taken = True
            except Exception as error:  # noqa: BLE001 - raised again in the thread that reads the answers
                self.error, self._are_taken = error, True
            else:
                self._waiting.append(line)
                if isinstance(line, bytes):
                    with self._changed:
                        self._bytes += len(line)
                    yield line

    def _has_room(self) -> bool:
        """Wait until less than the window is unanswered; False when the exchange is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._bytes < _WINDOW_BYTES or not self._is_open)
            return self._is_open

    def _line(self, page: Page) -> bytes | ServiceError:
        try:
            source = page.source
            if isinstance(source, bytes):
                source = decode_page(source, kind=page.kind, url=None, limits=Limits()).source
        except InputError as error:
            return ServiceError(str(error), 422, error.code)
        self._number += 1
        line = json.dumps({"id": self._number, **page.as_json(source)}, ensure_ascii=False)
        return line.encode(errors="replace") + b"\n"


def _hang_up(channel: socket.socket) -> None:
    with suppress(OSError):
        channel.shutdown(socket.SHUT_RDWR)  # closing alone would not wake a sender that waits
    channel.close()


def _send(out: BinaryIO, lines: Iterator[bytes]) -> None:
    """Send a chunked body. When the connection is gone the reader knows as well, and says so.

    `out` keeps the socket's descriptor until it is closed here: were the reader to close it while this thread waits,
    another socket could get its number, and this one would wait for that.
    """
    with suppress(OSError), out:
        for line in lines:
            out.write(b"%x\r\n%b\r\n" % (len(line), line))
            out.flush()
        out.write(b"0\r\n\r\n")
