package io.espalier.actors.federation.server;

import io.espalier.actors.federation.gateway.ClientNames;
import io.espalier.actors.federation.trust.Authority;
import io.espalier.actors.federation.trust.CertifiedClients;
import io.espalier.actors.federation.trust.EnrolmentService;
import io.espalier.actors.federation.trust.Refusals;
import io.espalier.actors.federation.trust.ServerTls;
import io.espalier.actors.federation.trust.TokenStore;
import io.espalier.actors.federation.trust.register.ClientRegister;
import io.espalier.actors.federation.trust.register.RegisteredClient;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All that a gateway needs of an authority.
 *
 * @param enrolment the service for devices without a certificate
 */
record Certification(
    SslContext tls, ClientNames names, ServerServiceDefinition enrolment, ClientRegister register) {
  static Certification of(Authority authority, Refusals refusals) throws IOException {
    InstantSource clock = InstantSource.system();
    ClientRegister register = ClientRegister.open(authority.directory(), clock);
    CertifiedClients clients = new CertifiedClients(register, clock, refusals);
    EnrolmentService enrolment =
        new EnrolmentService(
            authority,
            TokenStore.open(authority.directory(), clock),
            register,
            Authority.CLIENT_LIFE,
            clock,
            refusals);
    return new Certification(
        ServerTls.of(authority, refusals),
        new CertifiedNames(clients),
        ServerInterceptors.intercept(enrolment, clients),
        register);
  }

  /** Names of the clients that may not take part any more. */
  Set<String> revoked() {
    return register.clients().stream()
        .filter(
            client ->
                client.state(InstantSource.system().instant()) == RegisteredClient.State.REVOKED)
        .map(RegisteredClient::name)
        .collect(Collectors.toSet());
  }
}
