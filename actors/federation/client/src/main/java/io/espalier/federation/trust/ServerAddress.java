package io.espalier.federation.trust;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server's DNS name or IP address, IPv6 without brackets, and its port, 1 to 65535. */
public record ServerAddress(String host, int port) {
  private static final Pattern TEXT =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9.-]+)):([0-9]{1,5})");
  private static final int LAST_PORT = 65535;

  public ServerAddress {
    if (port < 1 || port > LAST_PORT) {
      throw refused(host + ":" + port);
    }
  }

  /**
   * Parses {@code HOST:PORT}, or {@code [ADDRESS]:PORT} for IPv6; throws {@link TrustException}
   * otherwise.
   */
  public static ServerAddress parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw refused(text);
    }
    String bracketed = parts.group(1);
    return new ServerAddress(
        bracketed == null ? parts.group(2) : bracketed, Integer.parseInt(parts.group(3)));
  }

  String directoryName() {
    return host.replace(':', '-') + "_" + port;
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  private static TrustException refused(String address) {
    return new TrustException(
        "a server's address must be HOST:PORT, or [ADDRESS]:PORT for IPv6, with a port of 1 to 65535: address=%s; correct it"
            .formatted(address));
  }
}
