package io.espalier.federation.server;

import io.espalier.federation.protocol.FromServer;

/**
 * One Attend stream of a client, from its Hello to its end. Thread-safe, and never blocks. Equal
 * only to itself: the next stream of the same client is another session.
 */
public interface ClientSession {
  String client();

  /** The highest version that both ends speak, for {@code Welcome}. */
  int protocolVersion();

  /**
   * Sends a message. A client that leaves too many unread is cut off; after the end of the session
   * messages are dropped.
   */
  void send(FromServer message);

  void end(FromServer last);
}
