package io.espalier.service.http;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.headers.Host;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Refuses requests to a server on the loopback under other names than those of this machine and of
 * the server's certificate, against DNS rebinding. The port may differ, as in a tunnel. Proxy
 * headers are ignored. Thread-safe.
 */
final class HostCheck {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[?::1]?", Pattern.CASE_INSENSITIVE);
  private static final int LONGEST_SHOWN = 200;

  private final boolean isNeeded;
  private final Supplier<Set<String>> certified;

  /**
   * @param certified names of the current certificate, in lower case; a first label {@code *}
   *     stands for any; empty without TLS
   */
  HostCheck(HttpSettings settings, Supplier<Set<String>> certified) {
    this.isNeeded = settings.isLocal();
    this.certified = certified;
  }

  /** Throws {@link ProblemException} for a name of another machine, or none. */
  void require(HttpRequest request) {
    Optional<Host> host = request.getHeader(Host.class);
    if (isNeeded && !host.map(each -> isKnown(each.host().address())).orElse(false)) {
      String found = host.map(Host::value).orElse("none");
      throw new ProblemException(
          ProblemKind.MISDIRECTED,
          "on the loopback the host must be localhost, 127.0.0.1 or a name of the certificate, also through a tunnel: host="
              + found.substring(0, Math.min(found.length(), LONGEST_SHOWN)));
    }
  }

  /** Whether a request names this machine as localhost, or by no name at all. */
  static boolean isNameless(HttpRequest request) {
    return request
        .getHeader(Host.class)
        .map(each -> LOOPBACK.matcher(each.host().address()).matches())
        .orElse(true);
  }

  private boolean isKnown(String host) {
    if (LOOPBACK.matcher(host).matches()) {
      return true;
    }
    String name = host.toLowerCase(Locale.ROOT);
    int dot = name.indexOf('.');
    Set<String> names = certified.get();
    return names.contains(name) || (dot > 0 && names.contains("*" + name.substring(dot)));
  }
}
