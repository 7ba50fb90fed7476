package io.espalier.federation.trust;

import io.espalier.federation.refusal.RefusalListener;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Set;
import java.util.stream.Collectors;

/** TLS and authentication of a gateway, and enrolment of devices without a certificate. */
public record GatewayTrust(
    SslContext tls,
    CallAuthenticator authenticator,
    ServerServiceDefinition enrolment,
    ClientRegister register) {
  public static GatewayTrust of(Authority authority, RefusalListener refusals) throws IOException {
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
        Tls.ofServer(authority, refusals),
        clients,
        ServerInterceptors.intercept(enrolment, clients),
        register);
  }

  /** Names of the clients whose certificates were all revoked. */
  public Set<String> revoked() {
    return register.clients().stream()
        .filter(
            client ->
                client.state(InstantSource.system().instant()) == RegisteredClient.State.REVOKED)
        .map(RegisteredClient::name)
        .collect(Collectors.toSet());
  }
}
