package io.espalier.federation.server;

import io.espalier.federation.trust.Authority;
import io.espalier.federation.trust.CertifiedClients;
import io.espalier.federation.trust.ClientRegister;
import io.espalier.federation.trust.EnrolmentService;
import io.espalier.federation.trust.GatewayTls;
import io.espalier.federation.trust.RegisteredClient;
import io.espalier.federation.trust.TokenStore;
import io.espalier.federation.trust.TrustRefusalListener;
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
record GatewayTrust(
    SslContext tls,
    CallAuthenticator names,
    ServerServiceDefinition enrolment,
    ClientRegister register) {
  static GatewayTrust of(Authority authority, TrustRefusalListener refusals) throws IOException {
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
    return new GatewayTrust(
        GatewayTls.of(authority, refusals),
        new CertificateAuthenticator(clients),
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
