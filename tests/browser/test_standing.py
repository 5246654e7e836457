"""The tests' own server holds nothing open when a browser goes away."""

import gc
import socket
import struct
import warnings
from urllib.parse import urlsplit

import pytest

from tests.browser.standing import Standing

GONE = struct.pack("ii", 1, 0)  # closing resets the connection instead of ending it
ASKED = b"GET /static/favicon.svg HTTP/1.1\r\nHost: %b\r\n\r\n"


@pytest.mark.filterwarnings("always::ResourceWarning")
def test_a_dropped_connection_leaves_no_file_open(monday: Standing) -> None:
    where = urlsplit(monday.tracker.address).netloc
    host, port = where.split(":")
    with warnings.catch_warnings(record=True) as left_open:
        for _ in range(20):
            with socket.create_connection((host, int(port)), 10) as browser:
                browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, GONE)
                browser.sendall(ASKED % where.encode())
                assert browser.recv(12) == b"HTTP/1.1 200"
        gc.collect()
    assert [str(each.message) for each in left_open] == []
