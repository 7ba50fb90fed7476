package io.espalier.actors.cli.federation;

import io.espalier.actors.cli.host.RefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/** Reads the address that a server listens at. */
final class ListenAddress {
  private static final int LAST_PORT = 65535;

  private ListenAddress() {}

  /**
   * {@code HOST:PORT}, the host a name or an address of this machine; port 0 takes any free one.
   *
   * @throws RefusedException if it is something else, or would be open to others without TLS
   */
  static InetSocketAddress parse(String text, boolean plaintext) {
    int colon = text.lastIndexOf(':');
    String host = text.substring(0, Math.max(0, colon)).replaceAll("^\\[|]$", "");
    String port = text.substring(colon + 1);
    if (host.isEmpty() || !port.matches("\\d{1,5}") || Integer.parseInt(port) > LAST_PORT) {
      throw new RefusedException(
          "--listen must be HOST:PORT with a port of 0 to 65535: listen=%s".formatted(text));
    }
    try {
      InetAddress address = InetAddress.getByName(host);
      if (plaintext && !address.isLoopbackAddress()) {
        throw new RefusedException(
            "without TLS a server must stay on this machine: listen=%s; leave --plaintext away, after 'espalier federate init'"
                .formatted(text));
      }
      return new InetSocketAddress(address, Integer.parseInt(port));
    } catch (UnknownHostException e) {
      throw new RefusedException(
          "--listen must name this machine: listen=%s; 0.0.0.0 is all of its addresses"
              .formatted(text));
    }
  }

  /**
   * Refuses an address at which somebody listens already, before anything is written.
   *
   * @throws RefusedException if it cannot be bound
   */
  static void requireFree(InetSocketAddress address) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(address);
    } catch (IOException e) {
      throw new RefusedException(
          "--listen must be an address of this machine that is free: listen=%s:%d, cause=%s; end whoever listens there, or choose another port"
              .formatted(address.getHostString(), address.getPort(), e.getMessage()));
    }
  }
}
