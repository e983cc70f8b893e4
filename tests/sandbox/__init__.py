"""The world outside, met over its real sockets."""
