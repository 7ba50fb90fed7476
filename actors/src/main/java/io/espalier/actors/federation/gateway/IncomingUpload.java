package io.espalier.actors.federation.gateway;

import com.google.protobuf.ByteString;
import io.espalier.actors.federation.gateway.FederationService.Shared;
import io.espalier.actors.federation.gateway.NamedCalls.Caller;
import io.espalier.actors.federation.gateway.message.MessageRules;
import io.espalier.actors.federation.protocol.Receipt;
import io.espalier.actors.federation.protocol.Refusal;
import io.espalier.actors.federation.protocol.UploadFrame;
import io.espalier.actors.federation.protocol.UploadHeader;
import io.espalier.actors.federation.protocol.UploadReply;
import io.espalier.actors.federation.transfer.Chunks;
import io.espalier.actors.federation.transfer.PartFile;
import io.espalier.actors.federation.transfer.ProgressWatch;
import io.espalier.actors.federation.transfer.Reason;
import io.espalier.trainer.data.format.Sha256;
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
 * One Upload call. The next chunk is asked for when the one before is in the file, so that a call
 * holds one chunk, however fast the client and however slow the disk.
 *
 * <p>A newer upload of the same client ends an older one, unless that is being decided on: then it
 * waits for the end. Thus one call at a time touches a client's file. Thread-safe.
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
  private final Caller caller;
  private final Map<String, IncomingUpload> uploads;
  private final ServerCallStreamObserver<UploadReply> out;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private State state = State.BEGINNING;
  private UploadHeader header = UploadHeader.getDefaultInstance();
  private Optional<PartFile> part = Optional.empty();
  private Optional<ProgressWatch> watch = Optional.empty();

  IncomingUpload(
      Shared shared,
      Caller caller,
      Map<String, IncomingUpload> uploads,
      ServerCallStreamObserver<UploadReply> out) {
    this.shared = shared;
    this.caller = caller;
    this.uploads = uploads;
    this.out = out;
  }

  /** Called once, before the first frame. */
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
            Reason.MALFORMED,
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
      refuse(Reason.MALFORMED, "an upload must end after its last chunk");
    }
  }

  private void announce(UploadHeader announced) {
    header = announced;
    Optional<String> broken = MessageRules.broken(header);
    if (broken.isPresent()) {
      refuse(Reason.MALFORMED, broken.get());
      return;
    }
    state = State.ASKING;
    IncomingUpload older = uploads.put(caller.client(), this);
    CompletableFuture<Void> turn =
        older == null ? CompletableFuture.completedFuture(null) : older.replaced();
    var unused =
        turn.thenComposeAsync(
                done -> shared.reception().announced(caller.client(), header), shared.executor())
            .whenCompleteAsync(this::admit, shared.executor());
  }

  private synchronized void admit(Admission admission, Throwable failure) {
    if (state != State.ASKING) {
      return;
    }
    try {
      if (failure != null) {
        fail(failure);
      } else if (admission instanceof Admission.Wanted wanted) {
        receive(wanted.largest());
      } else if (admission instanceof Verdict.Duplicate) {
        receipt(true);
      } else if (admission instanceof Verdict.Unavailable unavailable) {
        postpone(unavailable);
      } else {
        tell((Verdict.Refused) admission);
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  private void receive(long largest) throws IOException {
    if (header.getBytes() > largest) {
      refuse(
          Reason.OVERSIZE,
          "a result must not be larger than the task allows: largest=%d, bytes=%d"
              .formatted(largest, header.getBytes()));
      return;
    }
    Path file = shared.settings().incoming().resolve(caller.client() + ".part");
    PartFile opened = PartFile.open(file, header.toByteArray(), header.getBytes());
    part = Optional.of(opened);
    state = State.RECEIVING;
    watch =
        Optional.of(
            ProgressWatch.start(
                shared.timer(),
                shared.settings().times().progress(),
                () -> shared.executor().execute(this::expire)));
    out.onNext(UploadReply.newBuilder().setOffset(opened.length()).build());
    out.request(1);
  }

  private void keep(PartFile file, ByteString chunk) throws IOException {
    long remaining = header.getBytes() - file.length();
    if (chunk.size() > remaining) {
      file.discard();
      refuse(
          Reason.OVERSIZE,
          "an upload must have the bytes that it announced: bytes=%d, more=%d"
              .formatted(header.getBytes(), chunk.size() - remaining));
    } else if (chunk.isEmpty() || chunk.size() != Chunks.expected(remaining)) {
      refuse(
          Reason.MALFORMED,
          "a chunk must be full unless it is the last: bytes=%d, expected=%d"
              .formatted(chunk.size(), Chunks.expected(remaining)));
    } else {
      file.append(chunk.asReadOnlyByteBuffer());
      watch.ifPresent(ProgressWatch::progress);
      if (out.isReady()) {
        out.onNext(UploadReply.newBuilder().setOffset(file.length()).build());
      }
      out.request(1);
    }
  }

  private void decide(PartFile file) {
    watch.ifPresent(ProgressWatch::stop);
    try {
      if (file.length() < header.getBytes()) {
        refuse(
            Reason.MALFORMED,
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
            Reason.WRONG_DIGEST,
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
            .reception()
            .completed(caller.client(), header, file.path())
            .whenCompleteAsync(this::conclude, shared.executor());
  }

  /** Asks again, as a client can be revoked while its result is on its way. */
  private boolean isStillKnown(PartFile file) throws IOException {
    ClientNames.Identity identity = caller.again().get();
    if (identity instanceof ClientNames.Identity.Refused refused) {
      file.discard();
      refuse(refused.reason(), refused.detail());
    } else if (identity instanceof ClientNames.Identity.Unavailable unavailable) {
      postpone(new Verdict.Unavailable(unavailable.detail()));
    }
    return identity instanceof ClientNames.Identity.Known;
  }

  private synchronized void conclude(Verdict verdict, Throwable failure) {
    if (failure != null) {
      fail(failure);
      return;
    }
    if (verdict instanceof Verdict.Unavailable unavailable) {
      postpone(unavailable);
      return;
    }
    try {
      part.orElseThrow().discard();
    } catch (IOException e) {
      LOG.warn("an upload that is done could not be deleted", e);
    }
    if (verdict instanceof Verdict.Refused refused) {
      tell(refused);
    } else {
      receipt(verdict instanceof Verdict.Duplicate);
    }
  }

  private void receipt(boolean duplicate) {
    reply(
        UploadReply.newBuilder()
            .setReceipt(Receipt.newBuilder().setDigest(header.getDigest()).setDuplicate(duplicate))
            .build());
  }

  private void refuse(Reason reason, String detail) {
    shared.refused(caller, reason, detail);
    tell(new Verdict.Refused(reason, detail));
  }

  private void tell(Verdict.Refused refused) {
    reply(
        UploadReply.newBuilder()
            .setRefusal(
                Refusal.newBuilder()
                    .setReason(refused.reason().word())
                    .setDetail(refused.detail())
                    .setRetry(refused.reason().retry()))
            .build());
  }

  private void reply(UploadReply last) {
    out.onNext(last);
    out.onCompleted();
    finish();
  }

  /** What has come stays. */
  private void postpone(Verdict.Unavailable unavailable) {
    out.onError(Status.UNAVAILABLE.withDescription(unavailable.detail()).asException());
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
          Reason.TOO_SLOW,
          "an upload must make progress: limit=%d ms"
              .formatted(shared.settings().times().progress().toMillis()));
    }
  }

  /** A newer upload of the same client asks for the file; it gets it when this is done. */
  private synchronized CompletableFuture<Void> replaced() {
    if (state != State.DECIDING && state != State.OVER) {
      out.onError(Status.ABORTED.withDescription("a newer upload has begun").asException());
      finish();
    }
    return end;
  }

  /** The client has gone; what is being decided is decided all the same. */
  private synchronized void gone() {
    if (state != State.DECIDING && state != State.OVER) {
      finish();
    }
  }

  private void finish() {
    state = State.OVER;
    watch.ifPresent(ProgressWatch::stop);
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
