package io.espalier.federation.transfer;

import java.net.InetSocketAddress;

/** The rule for connections without TLS. */
public final class PlaintextRule {
  private PlaintextRule() {}

  /**
   * Refuses an address that is not this machine's loopback.
   *
   * @param end which end of the wire asks, such as "gateway"
   * @throws IllegalArgumentException if it is another one, or has no known host
   */
  public static void requireLoopback(String end, InetSocketAddress address) {
    if (address.isUnresolved() || !address.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "a %s without TLS must stay on this machine: address=%s; use 127.0.0.1, or certificates"
              .formatted(end, address));
    }
  }
}
