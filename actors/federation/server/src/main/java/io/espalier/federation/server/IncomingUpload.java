package io.espalier.federation.server;

import com.google.protobuf.ByteString;
import io.espalier.federation.protocol.UploadFrame;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.federation.protocol.UploadReply;
import io.espalier.federation.refusal.RefusalReason;
import io.espalier.federation.server.AuthenticationInterceptor.AuthenticatedCall;
import io.espalier.federation.server.FederationService.Shared;
import io.espalier.federation.transfer.FileChunks;
import io.espalier.federation.transfer.PartialTransfer;
import io.espalier.federation.transfer.ProgressTimeout;
import io.espalier.federation.trust.CallAuthenticator.Authentication;
import io.espalier.trainer.file.Sha256;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Upload call. The next chunk is requested when the previous one is in the file, so that a call
 * holds one chunk, however fast the client and however slow the disk. A newer upload of the same
 * client ends an older one, or waits for its end if that is being decided: one call at a time uses
 * a client's file. Thread-safe.
 */
final class IncomingUpload implements StreamObserver<UploadFrame> {
  private static final Logger LOG = LoggerFactory.getLogger(IncomingUpload.class);

  private enum State {
    BEGINNING,
    ASKING,
    RECEIVING,
    DECIDING,
    OVER
  }

  private final Shared shared;
  private final AuthenticatedCall caller;
  private final Map<String, IncomingUpload> uploads;
  private final ServerCallStreamObserver<UploadReply> out;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private State state = State.BEGINNING;
  private UploadHeader header = UploadHeader.getDefaultInstance();
  private Optional<PartialTransfer> part = Optional.empty();
  private Optional<ProgressTimeout> timeout = Optional.empty();

  IncomingUpload(
      Shared shared,
      AuthenticatedCall caller,
      Map<String, IncomingUpload> uploads,
      ServerCallStreamObserver<UploadReply> out) {
    this.shared = shared;
    this.caller = caller;
    this.uploads = uploads;
    this.out = out;
  }

  void begin() {
    out.disableAutoRequest();
    out.setOnCancelHandler(this::gone);
    out.request(1);
  }

  @Override
  public synchronized void onNext(UploadFrame frame) {
    try {
      if (state == State.BEGINNING && frame.hasHeader()) {
        announce(frame.getHeader());
      } else if (state == State.RECEIVING && frame.hasChunk()) {
        keep(part.orElseThrow(), frame.getChunk().getData());
      } else if (state != State.OVER) {
        refuse(
            RefusalReason.MALFORMED,
            "an upload must be one header, then chunks: frame=" + frame.getFrameCase());
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  @Override
  public void onError(Throwable cause) {
    gone();
  }

  @Override
  public synchronized void onCompleted() {
    if (state == State.RECEIVING) {
      decide(part.orElseThrow());
    } else if (state != State.OVER) {
      refuse(RefusalReason.MALFORMED, "an upload must end after its last chunk");
    }
  }

  private void announce(UploadHeader announced) {
    header = announced;
    Optional<String> broken = MessageRules.broken(header);
    if (broken.isPresent()) {
      refuse(RefusalReason.MALFORMED, broken.get());
      return;
    }
    state = State.ASKING;
    IncomingUpload older = uploads.put(caller.client(), this);
    CompletableFuture<Void> turn =
        older == null ? CompletableFuture.completedFuture(null) : older.replaced();
    var unused =
        turn.thenComposeAsync(
                done -> shared.handler().announced(caller.client(), header), shared.executor())
            .whenCompleteAsync(this::admit, shared.executor());
  }

  private synchronized void admit(UploadVerdict admission, Throwable failure) {
    if (state != State.ASKING) {
      return;
    }
    try {
      if (failure != null) {
        fail(failure);
      } else if (admission instanceof UploadVerdict.Wanted wanted) {
        receive(wanted.largest());
      } else {
        reply(admission);
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  private void receive(long largest) throws IOException {
    if (header.getBytes() > largest) {
      refuse(
          RefusalReason.OVERSIZE,
          "a result must not be larger than the task allows: largest=%d, bytes=%d"
              .formatted(largest, header.getBytes()));
      return;
    }
    Path file = shared.settings().incoming().resolve(caller.client() + ".part");
    PartialTransfer opened = PartialTransfer.open(file, header.toByteArray(), header.getBytes());
    part = Optional.of(opened);
    state = State.RECEIVING;
    timeout =
        Optional.of(
            ProgressTimeout.start(
                shared.timer(),
                shared.settings().times().progress(),
                () -> shared.executor().execute(this::expire)));
    out.onNext(UploadReply.newBuilder().setOffset(opened.length()).build());
    out.request(1);
  }

  private void keep(PartialTransfer file, ByteString chunk) throws IOException {
    long remaining = header.getBytes() - file.length();
    if (chunk.size() > remaining) {
      file.discard();
      refuse(
          RefusalReason.OVERSIZE,
          "an upload must have the bytes that it announced: bytes=%d, more=%d"
              .formatted(header.getBytes(), chunk.size() - remaining));
    } else if (chunk.isEmpty() || chunk.size() != FileChunks.expected(remaining)) {
      refuse(
          RefusalReason.MALFORMED,
          "a chunk must be full unless it is the last: bytes=%d, expected=%d"
              .formatted(chunk.size(), FileChunks.expected(remaining)));
    } else {
      file.append(chunk.asReadOnlyByteBuffer());
      timeout.ifPresent(ProgressTimeout::progress);
      if (out.isReady()) {
        out.onNext(UploadReply.newBuilder().setOffset(file.length()).build());
      }
      out.request(1);
    }
  }

  private void decide(PartialTransfer file) {
    timeout.ifPresent(ProgressTimeout::stop);
    try {
      if (file.length() < header.getBytes()) {
        refuse(
            RefusalReason.MALFORMED,
            "an upload must have the bytes that it announced: bytes=%d, came=%d"
                .formatted(header.getBytes(), file.length()));
        return;
      }
      file.force();
      file.close();
      String digest = Sha256.ofFile(file.path());
      if (!digest.equals(header.getDigest())) {
        file.discard();
        refuse(
            RefusalReason.WRONG_DIGEST,
            "an upload must have the digest that it announced: announced=%s, came=%s"
                .formatted(header.getDigest(), digest));
        return;
      }
      if (!isStillKnown(file)) {
        return;
      }
    } catch (IOException e) {
      fail(e);
      return;
    }
    state = State.DECIDING;
    var unused =
        shared
            .handler()
            .completed(caller.client(), header, file.path())
            .whenCompleteAsync(this::conclude, shared.executor());
  }

  /** Authenticates again, as a client can be revoked during an upload. */
  private boolean isStillKnown(PartialTransfer file) throws IOException {
    Authentication authentication = caller.again().get();
    if (authentication instanceof Authentication.Refused refused) {
      file.discard();
      refuse(refused.reason(), refused.detail());
    } else if (authentication instanceof Authentication.Unavailable unavailable) {
      reply(new UploadVerdict.Unavailable(unavailable.detail()));
    }
    return authentication instanceof Authentication.Known;
  }

  private synchronized void conclude(UploadVerdict verdict, Throwable failure) {
    if (failure != null) {
      fail(failure);
      return;
    }
    try {
      if (!(verdict instanceof UploadVerdict.Unavailable)) {
        part.orElseThrow().discard();
      }
    } catch (IOException e) {
      LOG.warn("an upload that is done could not be deleted", e);
    }
    reply(verdict);
  }

  private void refuse(RefusalReason reason, String detail) {
    shared.refused(caller, reason, detail);
    reply(new UploadVerdict.Refused(reason, detail));
  }

  /** Ends the call; if the server cannot decide, the received part stays on disk. */
  private void reply(UploadVerdict verdict) {
    if (verdict instanceof UploadVerdict.Unavailable unavailable) {
      out.onError(Status.UNAVAILABLE.withDescription(unavailable.detail()).asException());
    } else {
      UploadReply.Builder reply = UploadReply.newBuilder();
      if (verdict instanceof UploadVerdict.Refused refused) {
        reply.setRefusal(refused.reason().refusal(refused.detail()));
      } else {
        reply
            .getReceiptBuilder()
            .setDigest(header.getDigest())
            .setDuplicate(verdict instanceof UploadVerdict.Duplicate);
      }
      out.onNext(reply.build());
      out.onCompleted();
    }
    finish();
  }

  private void fail(Throwable cause) {
    LOG.warn("an upload failed: client={}", caller.client(), cause);
    out.onError(Status.INTERNAL.withDescription("the server could not keep it").asException());
    finish();
  }

  private synchronized void expire() {
    if (state == State.RECEIVING) {
      refuse(
          RefusalReason.TOO_SLOW,
          "an upload must make progress: limit=%d ms"
              .formatted(shared.settings().times().progress().toMillis()));
    }
  }

  /** Ends this upload for a newer one of the same client; completes when the file is free. */
  private synchronized CompletableFuture<Void> replaced() {
    if (state != State.DECIDING && state != State.OVER) {
      out.onError(Status.ABORTED.withDescription("a newer upload has begun").asException());
      finish();
    }
    return end;
  }

  /** The client is gone; a decision under way is completed. */
  private synchronized void gone() {
    if (state != State.DECIDING && state != State.OVER) {
      finish();
    }
  }

  private void finish() {
    state = State.OVER;
    timeout.ifPresent(ProgressTimeout::stop);
    try {
      if (part.isPresent()) {
        part.get().close();
      }
    } catch (IOException e) {
      LOG.warn("an upload could not be closed", e);
    }
    uploads.remove(caller.client(), this);
    end.complete(null);
  }
}
