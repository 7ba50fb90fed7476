package io.espalier.actors.dashboard;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.headers.Host;
import io.espalier.actors.http.document.ProblemException;
import io.espalier.actors.http.document.ProblemKind;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Without TLS, a request must be for this machine by one of its own names: a page of a stranger
 * whose name was made to point here could read the answers else (DNS rebinding). What proxies add
 * is not looked at. Thread-safe.
 */
final class HostRule {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[?::1]?", Pattern.CASE_INSENSITIVE);
  private static final int DEFAULT_PORT = 80;
  private static final int LONGEST_TOLD = 200;

  private final boolean isChecked;
  private volatile OptionalInt port = OptionalInt.empty();

  HostRule(boolean isChecked) {
    this.isChecked = isChecked;
  }

  /** Tells where the server listens; before, nothing passes. */
  void listensAt(int bound) {
    port = OptionalInt.of(bound);
  }

  /**
   * Lets the request pass.
   *
   * @throws ProblemException if it is for somebody else
   */
  void require(HttpRequest request) {
    if (isChecked && !request.getHeader(Host.class).map(this::isOurs).orElse(false)) {
      String found = request.getHeader(Host.class).map(Host::value).orElse("none");
      throw new ProblemException(
          ProblemKind.MISDIRECTED,
          "without TLS the host must be localhost or 127.0.0.1, with the port of the server: host=%s; a tunnel must have port %s on both ends"
              .formatted(
                  found.substring(0, Math.min(found.length(), LONGEST_TOLD)),
                  port.isPresent() ? port.getAsInt() : "?"));
    }
  }

  private boolean isOurs(Host host) {
    int asked = host.port() == 0 ? DEFAULT_PORT : host.port();
    return LOOPBACK.matcher(host.host().address()).matches()
        && port.isPresent()
        && port.getAsInt() == asked;
  }
}
