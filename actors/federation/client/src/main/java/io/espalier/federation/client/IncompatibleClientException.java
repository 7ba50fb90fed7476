package io.espalier.federation.client;

import java.time.Duration;

/** A client and its server cannot work together. */
public final class IncompatibleClientException extends RuntimeException {
  public IncompatibleClientException(String message) {
    super(message);
  }

  public IncompatibleClientException(String message, Throwable cause) {
    super(message, cause);
  }

  public static IncompatibleClientException refused(String reason, String cause) {
    String wayOut =
        switch (reason) {
          case "unknown-client", "revoked-client", "expired-certificate" ->
              "have it certified with 'espalier enrol --replace' and a new token";
          case "unsupported-protocol", "wrong-layout" -> "install the server's version of espalier";
          case "too-little-memory" ->
              "raise --memory-cap, or have a narrower one among federation.widths of the server's recipe";
          default -> "ask the server's operator";
        };
    return new IncompatibleClientException(
        "the server must take this device in: %s; %s".formatted(cause, wayOut));
  }

  /** Another process has connected under the client's name. */
  public static IncompatibleClientException replaced(String client) {
    return new IncompatibleClientException(
        "a device must have an identity of its own: another one has joined as %s; end one of them, or have it certified under another name with 'espalier enrol --replace'"
            .formatted(client));
  }

  /** The server was not there in time. */
  static IncompatibleClientException late(Duration limit) {
    return new IncompatibleClientException(
        "the server must be there in time: give-up-after=%s; check its address, and that it runs"
            .formatted(
                limit.toSecondsPart() == 0 ? limit.toMinutes() + "m" : limit.toSeconds() + "s"));
  }
}
