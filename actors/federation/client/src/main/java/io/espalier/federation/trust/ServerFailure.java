package io.espalier.federation.trust;

import io.espalier.federation.trust.ServerTrust.UntrustedServerException;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.netty.handler.ssl.NotSslRecordException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import java.util.stream.Stream;

/** The cause of a failed call to a server, for the device's user. */
public record ServerFailure(Throwable thrown) {
  /** Why the server is not trusted, and the way out; empty for other causes. */
  public Optional<String> untrusted() {
    return find(UntrustedServerException.class).map(Throwable::getMessage);
  }

  /**
   * Whether the server is not the right one and waiting does not help. A certificate that is not
   * valid now may become so, as the clock of a device may be wrong until it is set.
   */
  public boolean isLasting() {
    return untrusted().isPresent()
        && find(CertificateExpiredException.class).isEmpty()
        && find(CertificateNotYetValidException.class).isEmpty();
  }

  public boolean isAbsent() {
    return find(ConnectException.class).isPresent();
  }

  public String cause() {
    if (isAbsent()) {
      return "nothing listens there: " + text(find(ConnectException.class).orElseThrow());
    }
    if (find(UnknownHostException.class).isPresent()) {
      return "no such host: " + text(find(UnknownHostException.class).orElseThrow());
    }
    if (find(NotSslRecordException.class).isPresent()) {
      return "what answers does not speak TLS";
    }
    return text(causes(thrown).reduce((first, second) -> second).orElseThrow());
  }

  private <T extends Throwable> Optional<T> find(Class<T> kind) {
    return causes(thrown).filter(kind::isInstance).map(kind::cast).findFirst();
  }

  private static Stream<Throwable> causes(Throwable thrown) {
    return Stream.iterate(thrown, each -> each != null, Throwable::getCause);
  }

  private static String text(Throwable each) {
    boolean status = each instanceof StatusException || each instanceof StatusRuntimeException;
    String message = status ? Status.fromThrowable(each).getDescription() : each.getMessage();
    return message == null
        ? (status ? Status.fromThrowable(each).getCode().name() : each.getClass().getSimpleName())
        : message.lines().findFirst().orElse("");
  }
}
