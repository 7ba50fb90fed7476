package io.espalier.federation.trust;

import io.espalier.federation.protocol.EnrolmentGrpc;
import io.espalier.federation.refusal.RefusalListener;
import io.espalier.federation.refusal.RefusalReason;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on calls whose client has a valid certificate, and those that enrol; closes all others,
 * with the reason's word in the trailer {@link #REFUSAL}. Thread-safe.
 */
record CertifiedClients(ClientRegister register, InstantSource clock, RefusalListener refusals)
    implements ServerInterceptor, CallAuthenticator {
  static final Metadata.Key<String> REFUSAL =
      Metadata.Key.of("espalier-refusal", Metadata.ASCII_STRING_MARSHALLER);

  private static final Logger LOGGER = LoggerFactory.getLogger(CertifiedClients.class);
  private static final String UNREADABLE =
      "the server must be able to read its register of clients; tell the operator";
  private static final Context.Key<ClientIdentity> CLIENT = Context.key("client");
  private static final Context.Key<String> ADDRESS = Context.keyWithDefault("address", "unknown");

  private sealed interface Caller {
    record Known(ClientIdentity client) implements Caller {}

    /** {@code client} is set if its certificate is the authority's. */
    record Refused(Optional<String> client, Status status, RefusalReason reason)
        implements Caller {}

    record Unreadable() implements Caller {}
  }

  static ClientIdentity client() {
    ClientIdentity client = CLIENT.get();
    if (client == null) {
      throw new IllegalStateException("a call must have passed CertifiedClients");
    }
    return client;
  }

  static String address() {
    return ADDRESS.get();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Context context = Context.current().withValue(ADDRESS, address(call));
    if (call.getMethodDescriptor()
        .getFullMethodName()
        .equals(EnrolmentGrpc.getEnrolMethod().getFullMethodName())) {
      return Contexts.interceptCall(context, call, headers, next);
    }
    Caller caller = caller(call.getAttributes());
    if (caller instanceof Caller.Known known) {
      return Contexts.interceptCall(context.withValue(CLIENT, known.client()), call, headers, next);
    }
    if (caller instanceof Caller.Refused refused) {
      return refuse(call, refused);
    }
    call.close(Status.UNAVAILABLE.withDescription(UNREADABLE), new Metadata());
    return new ServerCall.Listener<Q>() {};
  }

  @Override
  public Authentication authenticate(Attributes connection, Metadata headers) {
    Caller caller = caller(connection);
    if (caller instanceof Caller.Known known) {
      return new Authentication.Known(known.client().name(), Optional.of(known.client().expires()));
    }
    return caller instanceof Caller.Refused refused
        ? new Authentication.Refused(
            refused.reason(), String.valueOf(refused.status().getDescription()))
        : new Authentication.Unavailable(UNREADABLE);
  }

  private Caller caller(Attributes connection) {
    try {
      return certificate(connection)
          .map(ClientIdentity::of)
          .map(this::standing)
          .orElseGet(CertifiedClients::noCertificate);
    } catch (UncheckedIOException | TrustException e) {
      LOGGER.error("calls are refused, as the register of clients cannot be read", e);
      return new Caller.Unreadable();
    }
  }

  private <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Caller.Refused refused) {
    Metadata trailers = new Metadata();
    trailers.put(REFUSAL, refused.reason().word());
    refusals.refused(
        refused.client(), refused.reason(), String.valueOf(refused.status().getDescription()));
    call.close(refused.status(), trailers);
    return new ServerCall.Listener<Q>() {};
  }

  private Caller standing(ClientIdentity client) {
    Instant now = clock.instant();
    if (!now.isBefore(client.expires())) {
      return refusal(
          client,
          Status.UNAUTHENTICATED,
          RefusalReason.EXPIRED_CERTIFICATE,
          "a client's certificate must not have expired: client=%s, expired=%s; enrol with a new token"
              .formatted(client.name(), client.expires()));
    }
    return switch (register.standing(client)) {
      case GOOD -> new Caller.Known(client);
      case REVOKED ->
          refusal(
              client,
              Status.PERMISSION_DENIED,
              RefusalReason.REVOKED_CLIENT,
              "a client must not be revoked: client=%s; enrol with a new token"
                  .formatted(client.name()));
      case UNKNOWN ->
          refusal(
              client,
              Status.UNAUTHENTICATED,
              RefusalReason.UNKNOWN_CLIENT,
              "a client's certificate must be in the register: client=%s, serial=%x; enrol with a new token"
                  .formatted(client.name(), client.serial()));
    };
  }

  private static Caller noCertificate() {
    return new Caller.Refused(
        Optional.empty(),
        Status.UNAUTHENTICATED.withDescription(
            "a client must have a certificate of this server's authority; get one with 'espalier enrol'"),
        RefusalReason.UNKNOWN_CLIENT);
  }

  private static Caller refusal(
      ClientIdentity client, Status status, RefusalReason reason, String detail) {
    return new Caller.Refused(Optional.of(client.name()), status.withDescription(detail), reason);
  }

  private static Optional<X509Certificate> certificate(Attributes connection) {
    SSLSession session = connection.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      return Optional.empty();
    }
    try {
      return Optional.of((X509Certificate) session.getPeerCertificates()[0]);
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  private static String address(ServerCall<?, ?> call) {
    SocketAddress remote = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    return remote instanceof InetSocketAddress internet && internet.getAddress() != null
        ? internet.getAddress().getHostAddress()
        : String.valueOf(remote);
  }
}
