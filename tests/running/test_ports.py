"""A port that is chosen early and served late belongs to nobody else meanwhile."""

import socket
from contextlib import closing

from ombud.config.household import free_port, hold


def test_a_held_port_is_taken_for_others():
    port = free_port(8300)
    with closing(hold(port)):
        assert free_port(port) != port
    assert free_port(port) == port


def test_our_server_may_bind_beside_the_one_who_holds():
    with closing(hold(free_port(8300))) as held, closing(socket.socket()) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        server.bind(held.getsockname())
        server.listen()
        with closing(socket.create_connection(held.getsockname())):
            assert server.accept()
