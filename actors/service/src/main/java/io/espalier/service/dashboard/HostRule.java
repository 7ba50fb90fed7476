package io.espalier.service.dashboard;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.headers.Host;
import io.espalier.service.http.ProblemException;
import io.espalier.service.http.ProblemKind;
import java.util.regex.Pattern;

/**
 * Without TLS, a request must be for this machine by one of its own names: a page of a stranger
 * whose name was made to point here could read the answers else (DNS rebinding). The port may be
 * another, as at the near end of a tunnel. What proxies add is not looked at.
 */
final class HostRule {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[?::1]?", Pattern.CASE_INSENSITIVE);
  private static final int LONGEST_TOLD = 200;

  private final boolean isChecked;

  HostRule(boolean isChecked) {
    this.isChecked = isChecked;
  }

  /**
   * Lets the request pass.
   *
   * @throws ProblemException if it is for somebody else
   */
  void require(HttpRequest request) {
    if (isChecked && !request.getHeader(Host.class).map(HostRule::isOurs).orElse(false)) {
      String found = request.getHeader(Host.class).map(Host::value).orElse("none");
      throw new ProblemException(
          ProblemKind.MISDIRECTED,
          "without TLS the host must be localhost or 127.0.0.1, also through a tunnel: host="
              + found.substring(0, Math.min(found.length(), LONGEST_TOLD)));
    }
  }

  private static boolean isOurs(Host host) {
    return LOOPBACK.matcher(host.host().address()).matches();
  }
}
