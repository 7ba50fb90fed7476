package io.espalier.federation.server;

import io.espalier.federation.protocol.Chunk;
import io.espalier.federation.protocol.DownloadRequest;
import io.espalier.federation.refusal.RefusalReason;
import io.espalier.federation.server.AuthenticationInterceptor.AuthenticatedCall;
import io.espalier.federation.server.FederationService.Shared;
import io.espalier.federation.transfer.FileChunks;
import io.espalier.federation.transfer.ProgressTimeout;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Download call. It sends one chunk after the other, so that a call holds about one chunk,
 * however large the payload and however slow the client. Thread-safe.
 */
final class OutgoingDownload {
  private static final Logger LOG = LoggerFactory.getLogger(OutgoingDownload.class);

  private final FileChunks chunks;
  private final ServerCallStreamObserver<Chunk> out;
  private final ProgressTimeout timeout;
  private boolean over;

  private OutgoingDownload(
      Shared shared,
      AuthenticatedCall caller,
      FileChunks chunks,
      ServerCallStreamObserver<Chunk> out) {
    this.chunks = chunks;
    this.out = out;
    this.timeout =
        ProgressTimeout.start(
            shared.timer(),
            shared.settings().times().progress(),
            () -> shared.cut(caller, "a client must read the payload that it asked for"));
    out.setOnReadyHandler(this::pump);
    out.setOnCancelHandler(this::gone);
    out.setOnCloseHandler(this::gone);
  }

  static void begin(
      Shared shared,
      AuthenticatedCall caller,
      DownloadRequest request,
      ServerCallStreamObserver<Chunk> out) {
    Optional<Path> payload = shared.handler().payload(caller.client(), request.getDigest());
    if (payload.isEmpty()) {
      String detail = "a payload must be one of the open round: digest=%.64s";
      refuse(shared, caller, out, Status.NOT_FOUND, detail.formatted(request.getDigest()));
      return;
    }
    try {
      FileChunks chunks = FileChunks.of(payload.get());
      if (request.getOffset() < 0 || request.getOffset() > chunks.length()) {
        chunks.close();
        String detail = "an offset must lie in the payload: offset=%s, bytes=%d";
        refuse(
            shared,
            caller,
            out,
            Status.OUT_OF_RANGE,
            detail.formatted(Long.toUnsignedString(request.getOffset()), chunks.length()));
        return;
      }
      chunks.seek(request.getOffset());
      var unused = new OutgoingDownload(shared, caller, chunks, out);
    } catch (IOException e) {
      LOG.warn("a payload could not be opened: {}", payload.get(), e);
      out.onError(Status.INTERNAL.withDescription("a payload could not be read").asException());
    }
  }

  private static void refuse(
      Shared shared,
      AuthenticatedCall caller,
      ServerCallStreamObserver<Chunk> out,
      Status status,
      String detail) {
    RefusalReason reason =
        status.getCode() == Status.Code.NOT_FOUND
            ? RefusalReason.UNKNOWN_PAYLOAD
            : RefusalReason.MALFORMED;
    shared.refused(caller, reason, detail);
    out.onError(
        status.withDescription(detail).asException(AuthenticationInterceptor.trailers(reason)));
  }

  private synchronized void pump() {
    try {
      while (!over && out.isReady()) {
        if (chunks.hasNext()) {
          out.onNext(chunks.next());
          timeout.progress();
        } else {
          over = true;
          chunks.close();
          out.onCompleted();
        }
      }
    } catch (IOException e) {
      LOG.warn("a payload could not be read", e);
      over = true;
      out.onError(Status.INTERNAL.withDescription("a payload could not be read").asException());
    }
  }

  private synchronized void gone() {
    over = true;
    timeout.stop();
    try {
      chunks.close();
    } catch (IOException e) {
      LOG.warn("a payload could not be closed", e);
    }
  }
}
