package io.espalier.actors.federation.client.access;

/** A client and its server cannot work together. */
public final class CannotTakePartException extends RuntimeException {
  public CannotTakePartException(String message) {
    super(message);
  }

  public CannotTakePartException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The server has told why. */
  public static CannotTakePartException refused(String reason, String cause) {
    String wayOut =
        switch (reason) {
          case "unknown-client", "revoked-client", "expired-certificate" ->
              "have it certified with 'espalier enrol --replace' and a new token";
          case "unsupported-protocol", "wrong-layout" -> "install the server's version of espalier";
          case "too-little-memory" ->
              "raise --memory-cap, or have a narrower one among federation.widths of the server's recipe";
          default -> "ask whoever runs the server";
        };
    return new CannotTakePartException(
        "the server must take this device in: %s; %s".formatted(cause, wayOut));
  }

  /** Another process has come to the server under the client's name. */
  public static CannotTakePartException replaced(String client) {
    return new CannotTakePartException(
        "a device must have an identity of its own: another one has joined as %s; end one of them, or have it certified under another name with 'espalier enrol --replace'"
            .formatted(client));
  }
}
