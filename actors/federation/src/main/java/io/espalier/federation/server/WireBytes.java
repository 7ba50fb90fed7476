package io.espalier.federation.server;

/**
 * Bytes of sockets as the server saw them: those of TLS and HTTP/2 too, those of TCP and below not.
 *
 * @param received by the server
 * @param sent by the server
 */
public record WireBytes(long received, long sent) {
  static final WireBytes NONE = new WireBytes(0, 0);

  WireBytes plus(WireBytes other) {
    return new WireBytes(received + other.received, sent + other.sent);
  }
}
