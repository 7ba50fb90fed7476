package io.espalier.federation.trust;

import io.espalier.federation.refusal.RefusalReason;
import io.espalier.federation.transfer.WireKeys;
import io.grpc.Attributes;
import io.grpc.Metadata;
import java.time.Instant;
import java.util.Optional;

/** Identifies the client of a call. Called by any thread, for each call; must not block. */
@FunctionalInterface
public interface CallAuthenticator {
  sealed interface Authentication {
    /** {@code expires} is the certificate's end, which ends the client's session. */
    record Known(String client, Optional<Instant> expires) implements Authentication {
      public Known(String client) {
        this(client, Optional.empty());
      }
    }

    record Refused(RefusalReason reason, String detail) implements Authentication {}

    /** The server cannot decide now; the client may ask again. */
    record Unavailable(String detail) implements Authentication {}
  }

  /** {@code connection} has attributes of the transport, such as the TLS session. */
  Authentication authenticate(Attributes connection, Metadata headers);

  /** Trusts the header {@link WireKeys#CLIENT}: for connections that do not leave the machine. */
  static CallAuthenticator ofHeader() {
    return (connection, headers) -> {
      String name = headers.get(WireKeys.CLIENT);
      return name == null
          ? new Authentication.Refused(
              RefusalReason.UNKNOWN_CLIENT,
              "a call must name its client: header=" + WireKeys.CLIENT.name())
          : new Authentication.Known(name);
    };
  }
}
