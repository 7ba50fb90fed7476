package io.espalier.configs;

import java.net.URI;
import java.util.Set;

/**
 * A folder address that ends with a slash; {@code allowHttp} permits plain HTTP to other machines.
 */
public record MirrorConfig(URI url, boolean allowHttp) {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  public MirrorConfig {
    new Rules()
        .require(
            "url",
            url,
            allows(url, allowHttp),
            "https, or http to this machine; allow-http = true permits plain http to others")
        .verify();
  }

  /** Whether a file may be fetched from there, as it is or after a redirect. */
  public boolean allows(URI address) {
    return allows(address, allowHttp);
  }

  private static boolean allows(URI address, boolean allowHttp) {
    return address.getHost() != null
        && ("https".equalsIgnoreCase(address.getScheme())
            || ("http".equalsIgnoreCase(address.getScheme())
                && (allowHttp || LOOPBACK.contains(address.getHost()))));
  }
}
