package io.espalier.federation.trust;

import com.google.protobuf.ByteString;
import io.espalier.federation.protocol.EnrolReply;
import io.espalier.federation.protocol.EnrolRequest;
import io.espalier.federation.protocol.EnrolmentGrpc;
import io.espalier.federation.protocol.RenewRequest;
import io.espalier.federation.refusal.RefusalListener;
import io.espalier.federation.refusal.RefusalReason;
import io.espalier.federation.trust.TokenStore.Invitation;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Issues the certificates of devices: the first for a token, each further one for the previous.
 * Needs {@link CertifiedClients} as an interceptor. Thread-safe.
 */
final class EnrolmentService extends EnrolmentGrpc.EnrolmentImplBase {
  private static final Logger LOGGER = LoggerFactory.getLogger(EnrolmentService.class);

  private final Authority authority;
  private final TokenStore tokens;
  private final ClientRegister register;
  private final Duration certificateLife;
  private final FailedAttempts failures;
  private final RefusalListener refusals;

  private interface Answer {
    List<X509Certificate> certificates() throws StatusException, IOException;
  }

  EnrolmentService(
      Authority authority,
      TokenStore tokens,
      ClientRegister register,
      Duration certificateLife,
      InstantSource clock,
      RefusalListener refusals) {
    this.authority = authority;
    this.tokens = tokens;
    this.register = register;
    this.certificateLife = certificateLife;
    this.failures = new FailedAttempts(clock);
    this.refusals = refusals;
  }

  @Override
  public void enrol(EnrolRequest request, StreamObserver<EnrolReply> replies) {
    String address = CertifiedClients.address();
    answer(
        replies,
        () -> {
          try {
            requireNotBlocked(address);
            return enrolled(request);
          } catch (StatusException e) {
            recordRefusal(e.getStatus(), address);
            throw e;
          }
        });
  }

  private void requireNotBlocked(String address) throws StatusException {
    if (failures.isBlocked(address)) {
      throw Status.RESOURCE_EXHAUSTED
          .withDescription(
              "an address may fail %d times a minute to enrol: address=%s; wait a minute"
                  .formatted(FailedAttempts.MOST, address))
          .asException();
    }
  }

  private void recordRefusal(Status status, String address) {
    RefusalReason reason =
        switch (status.getCode()) {
          case RESOURCE_EXHAUSTED -> RefusalReason.TOO_MANY;
          case INVALID_ARGUMENT -> RefusalReason.MALFORMED;
          default -> RefusalReason.UNKNOWN_CLIENT;
        };
    if (reason != RefusalReason.TOO_MANY) {
      failures.count(address);
    }
    refusals.refused(Optional.empty(), reason, status.getDescription() + "; address=" + address);
  }

  /** Checks the token, then the request, and only then uses up the token. */
  private List<X509Certificate> enrolled(EnrolRequest request) throws StatusException, IOException {
    if (tokens.find(request.getToken()).isEmpty()) {
      throw wrongToken();
    }
    SigningRequest signing = parsed(request.getSigningRequest());
    Invitation invitation =
        tokens.redeem(request.getToken()).orElseThrow(EnrolmentService::wrongToken);
    List<X509Certificate> chain =
        authority.certify(invitation.client(), signing.key(), certificateLife);
    try {
      register.enrolled(ClientIdentity.of(chain.get(0)), invitation.made());
    } catch (TrustException e) {
      throw wrongToken();
    }
    return chain;
  }

  @Override
  public void renew(RenewRequest request, StreamObserver<EnrolReply> replies) {
    ClientIdentity client = CertifiedClients.client();
    answer(
        replies,
        () -> {
          SigningRequest signing = parsed(request.getSigningRequest());
          List<X509Certificate> chain =
              authority.certify(client.name(), signing.key(), certificateLife);
          register.renewed(client, ClientIdentity.of(chain.get(0)));
          return chain;
        });
  }

  private static SigningRequest parsed(ByteString request) throws StatusException {
    try {
      return SigningRequest.parse(request.toByteArray());
    } catch (TrustException e) {
      throw Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asException();
    }
  }

  /** One message for all causes, as the token may be a guess. */
  private static StatusException wrongToken() {
    return Status.PERMISSION_DENIED
        .withDescription(
            "a token must be known, unused and not expired; get a new one with 'espalier federate token' on the server")
        .asException();
  }

  private static void answer(StreamObserver<EnrolReply> replies, Answer answer) {
    try {
      EnrolReply.Builder reply = EnrolReply.newBuilder();
      for (X509Certificate each : answer.certificates()) {
        reply.addCertificates(ByteString.copyFrom(each.getEncoded()));
      }
      replies.onNext(reply.build());
      replies.onCompleted();
    } catch (StatusException e) {
      replies.onError(e);
    } catch (TrustException e) {
      replies.onError(Status.PERMISSION_DENIED.withDescription(e.getMessage()).asException());
    } catch (IOException | CertificateEncodingException e) {
      LOGGER.error("certificate not issued, as the authority's files cannot be used", e);
      replies.onError(
          Status.INTERNAL
              .withDescription(
                  "the authority's files must be readable and writable; tell the operator")
              .asException());
    }
  }
}
