package io.espalier.federation.server;

import io.espalier.federation.transfer.RefusalReason;
import io.espalier.federation.trust.CertifiedClients;
import io.espalier.federation.trust.CertifiedClients.Caller;
import io.espalier.federation.trust.TrustException;
import io.grpc.Attributes;
import io.grpc.Metadata;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells clients by their certificates. */
record CertificateAuthenticator(CertifiedClients clients) implements CallAuthenticator {
  private static final Logger LOGGER = LoggerFactory.getLogger(CertificateAuthenticator.class);

  @Override
  public Identity identify(Attributes connection, Metadata headers) {
    try {
      return identity(clients.caller(connection));
    } catch (UncheckedIOException | TrustException e) {
      LOGGER.error("calls are refused, as the register of clients cannot be read", e);
      return new Identity.Unavailable(
          "the server must be able to read its register of clients; tell the operator");
    }
  }

  private static Identity identity(Caller caller) {
    if (caller instanceof Caller.Known known) {
      return new Identity.Known(known.client().name(), Optional.of(known.client().expires()));
    }
    Caller.Refused refused = (Caller.Refused) caller;
    return new Identity.Refused(
        RefusalReason.ofWord(refused.reason()).orElseThrow(),
        String.valueOf(refused.status().getDescription()));
  }
}
