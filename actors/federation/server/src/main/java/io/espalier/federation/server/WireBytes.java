package io.espalier.federation.server;

/**
 * Bytes of sockets as the server counts them: with those of TLS and HTTP/2, without those of TCP
 * and below.
 */
record WireBytes(long received, long sent) {
  WireBytes plus(WireBytes other) {
    return new WireBytes(received + other.received, sent + other.sent);
  }

  WireBytes minus(WireBytes other) {
    return new WireBytes(received - other.received, sent - other.sent);
  }
}
