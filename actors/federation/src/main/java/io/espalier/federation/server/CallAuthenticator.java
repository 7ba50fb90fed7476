package io.espalier.federation.server;

import io.espalier.federation.transfer.RefusalReason;
import io.espalier.federation.transfer.WireKeys;
import io.grpc.Attributes;
import io.grpc.Metadata;
import java.time.Instant;
import java.util.Optional;

/** Tells whose call one is. Called by any thread, for each call; must not block. */
@FunctionalInterface
public interface CallAuthenticator {
  /** An answer. */
  sealed interface Identity {
    /**
     * The call is this client's.
     *
     * @param expires when it is not any more; its session ends then
     */
    record Known(String client, Optional<Instant> expires) implements Identity {
      /** A client that stays known. */
      public Known(String client) {
        this(client, Optional.empty());
      }
    }

    /** The call is nobody's that may call. */
    record Refused(RefusalReason reason, String detail) implements Identity {}

    /** Nobody can tell now; the client may ask again. */
    record Unavailable(String detail) implements Identity {}
  }

  /**
   * Identifies the caller.
   *
   * @param connection attributes of the transport, such as the session of TLS
   */
  Identity identify(Attributes connection, Metadata headers);

  /** Believes the header {@link WireKeys#CLIENT}: for connections that do not leave the machine. */
  static CallAuthenticator ofHeader() {
    return (connection, headers) -> {
      String name = headers.get(WireKeys.CLIENT);
      return name == null
          ? new Identity.Refused(
              RefusalReason.UNKNOWN_CLIENT,
              "a call must name its client: header=" + WireKeys.CLIENT.name())
          : new Identity.Known(name);
    };
  }
}
