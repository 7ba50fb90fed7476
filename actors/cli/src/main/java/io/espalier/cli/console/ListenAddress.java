package io.espalier.cli.console;

import io.espalier.console.CommandRefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/** Reads the addresses that servers listen at. */
public final class ListenAddress {
  private static final int LAST_PORT = 65535;

  private ListenAddress() {}

  /**
   * Parses {@code HOST:PORT}, port 0 for any free one; throws {@link CommandRefusedException} with
   * the option's name otherwise.
   */
  public static InetSocketAddress parse(String option, String text) {
    int colon = text.lastIndexOf(':');
    String host = text.substring(0, Math.max(0, colon)).replaceAll("^\\[|]$", "");
    String port = text.substring(colon + 1);
    if (host.isEmpty() || !port.matches("\\d{1,5}") || Integer.parseInt(port) > LAST_PORT) {
      throw new CommandRefusedException(
          "%s must be HOST:PORT with a port of 0 to 65535: address=%s".formatted(option, text));
    }
    try {
      return new InetSocketAddress(InetAddress.getByName(host), Integer.parseInt(port));
    } catch (UnknownHostException e) {
      throw new CommandRefusedException(
          "%s must name this machine: address=%s; 0.0.0.0 is all of its addresses"
              .formatted(option, text));
    }
  }

  /** Throws {@link CommandRefusedException} with {@code wayOut} if the address is not loopback. */
  public static void requireLoopback(InetSocketAddress address, String wayOut) {
    if (!address.getAddress().isLoopbackAddress()) {
      throw new CommandRefusedException(
          "without TLS a server must stay on this machine: address=%s; %s"
              .formatted(text(address), wayOut));
    }
  }

  /** Throws {@link CommandRefusedException} if an address cannot be bound. */
  public static void requireFree(String option, InetSocketAddress address) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(address);
    } catch (IOException e) {
      throw new CommandRefusedException(
          "%s must be an address of this machine that is free: address=%s, cause=%s; end the process that listens there, or choose another port"
              .formatted(option, text(address), e.getMessage()));
    }
  }

  public static String text(InetSocketAddress address) {
    String host = address.getHostString();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }
}
