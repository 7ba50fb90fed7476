package io.espalier.actors.federation.server;

import io.espalier.actors.federation.gateway.ClientNames;
import io.espalier.actors.federation.transfer.Reason;
import io.espalier.actors.federation.trust.CertifiedClients;
import io.espalier.actors.federation.trust.CertifiedClients.Caller;
import io.grpc.Attributes;
import io.grpc.Metadata;

/** Tells clients by their certificates. */
record CertifiedNames(CertifiedClients clients) implements ClientNames {
  @Override
  public Identity identify(Attributes connection, Metadata headers) {
    Caller caller = clients.caller(connection);
    if (caller instanceof Caller.Known known) {
      return new Identity.Known(known.client().name());
    }
    Caller.Refused refused = (Caller.Refused) caller;
    return new Identity.Refused(
        Reason.ofWord(refused.reason()).orElseThrow(),
        String.valueOf(refused.status().getDescription()));
  }
}
