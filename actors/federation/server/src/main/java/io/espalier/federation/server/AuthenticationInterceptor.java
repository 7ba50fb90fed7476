package io.espalier.federation.server;

import io.espalier.federation.refusal.RefusalListener;
import io.espalier.federation.refusal.RefusalReason;
import io.espalier.federation.transfer.ProgressTimeout;
import io.espalier.federation.transfer.WireKeys;
import io.espalier.federation.trust.CallAuthenticator;
import io.espalier.federation.trust.CallAuthenticator.Authentication;
import io.espalier.federation.trust.ClientIdentity;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

/**
 * Passes on the calls of known clients, each with its {@link AuthenticatedCall}; ends a call whose
 * message cannot be parsed, and cuts the connection of a call whose first message is late.
 */
record AuthenticationInterceptor(
    CallAuthenticator authenticator,
    GatewayConnections connections,
    RefusalListener refusals,
    ScheduledExecutorService timer,
    Duration firstMessage)
    implements ServerInterceptor {
  private static final Context.Key<AuthenticatedCall> CALLER = Context.key("espalier-caller");

  /** A call's client, connection and certificate expiry; {@code again} authenticates anew. */
  record AuthenticatedCall(
      String client,
      SocketAddress remote,
      Optional<Instant> expires,
      Supplier<Authentication> again) {
    static AuthenticatedCall current() {
      return Objects.requireNonNull(
          CALLER.get(), "a call must have passed AuthenticationInterceptor");
    }
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Authentication authentication = authenticator.authenticate(call.getAttributes(), headers);
    if (authentication instanceof Authentication.Refused refused) {
      return refuse(call, refused.reason(), refused.detail());
    }
    if (authentication instanceof Authentication.Unavailable unavailable) {
      call.close(Status.UNAVAILABLE.withDescription(unavailable.detail()), new Metadata());
      return new ServerCall.Listener<>() {};
    }
    Authentication.Known known = (Authentication.Known) authentication;
    String client = known.client();
    if (!ClientIdentity.isName(client)) {
      return refuse(
          call,
          RefusalReason.UNKNOWN_CLIENT,
          "a client's name must have up to 64 letters, digits, dots, hyphens and underscores");
    }
    SocketAddress remote =
        Objects.requireNonNull(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
    connections.named(remote, client);
    AuthenticatedCall caller =
        new AuthenticatedCall(
            client,
            remote,
            known.expires(),
            () -> authenticator.authenticate(call.getAttributes(), headers));
    Context context = Context.current().withValue(CALLER, caller);
    return withTimeout(call, caller, Contexts.interceptCall(context, call, headers, next));
  }

  /** The trailers of a call that is refused without a message of the protocol. */
  static Metadata trailers(RefusalReason reason) {
    Metadata trailers = new Metadata();
    trailers.put(WireKeys.REASON, reason.word());
    return trailers;
  }

  private <Q, A> ServerCall.Listener<Q> refuse(
      ServerCall<Q, A> call, RefusalReason reason, String detail) {
    refusals.refused(Optional.empty(), reason, detail);
    call.close(Status.PERMISSION_DENIED.withDescription(detail), trailers(reason));
    return new ServerCall.Listener<>() {};
  }

  private <Q> ServerCall.Listener<Q> withTimeout(
      ServerCall<Q, ?> call, AuthenticatedCall caller, ServerCall.Listener<Q> listener) {
    ProgressTimeout timeout = ProgressTimeout.start(timer, firstMessage, () -> cutSilent(caller));
    return new SimpleForwardingServerCallListener<>(listener) {
      private boolean ended;

      @Override
      public void onMessage(Q message) {
        timeout.stop();
        try {
          if (!ended) {
            super.onMessage(message);
          }
        } catch (StatusRuntimeException e) {
          ended = true;
          super.onCancel();
          endMalformed(call, caller);
        }
      }

      @Override
      public void onHalfClose() {
        if (!ended) {
          super.onHalfClose();
        }
      }

      @Override
      public void onCancel() {
        timeout.stop();
        if (!ended) {
          super.onCancel();
        }
      }

      @Override
      public void onComplete() {
        timeout.stop();
        super.onComplete();
      }
    };
  }

  private void endMalformed(ServerCall<?, ?> call, AuthenticatedCall caller) {
    String detail = "a message must be one of the protocol's";
    refusals.refused(Optional.of(caller.client()), RefusalReason.MALFORMED, detail);
    call.close(Status.INVALID_ARGUMENT.withDescription(detail), trailers(RefusalReason.MALFORMED));
  }

  private void cutSilent(AuthenticatedCall caller) {
    refusals.refused(
        Optional.of(caller.client()),
        RefusalReason.TOO_SLOW,
        "a call must have its first message in time: limit=%d ms"
            .formatted(firstMessage.toMillis()));
    connections.cut(caller.remote());
  }
}
