package io.espalier.service.client;

import io.espalier.configs.Rules;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Address and credentials of a service.
 *
 * @param server such as {@code http://127.0.0.1:7070}; trailing slashes are removed
 * @param authority PEM file of trusted certificates; absent for Java's own
 */
public record ServiceAccess(URI server, Optional<String> token, Optional<Path> authority) {
  public ServiceAccess {
    String text = server.toString().replaceAll("/+$", "");
    server = URI.create(text);
    boolean isAddress =
        server.getHost() != null && ("http".equals(server.getScheme()) || isSecret(server));
    new Rules()
        .require("server", text, isAddress, "http://HOST:PORT or https://HOST:PORT")
        .require(
            "server",
            text,
            !isAddress || token.isEmpty() || isSecret(server) || isLoopback(server.getHost()),
            "https unless it is on this machine, as a token must not travel in the clear")
        .require(
            "token",
            "…",
            token.map(each -> each.matches("[\\x21-\\x7e]{1,512}")).orElse(true),
            "one line of printable characters")
        .verify();
  }

  private static boolean isSecret(URI server) {
    return "https".equals(server.getScheme());
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Never shows the token. */
  @Override
  public String toString() {
    return server.toString();
  }
}
