package io.espalier.federation.client;

import io.espalier.configs.file.AtomicFile;
import io.espalier.federation.protocol.Chunk;
import io.espalier.federation.protocol.DownloadRequest;
import io.espalier.federation.refusal.RefusalReason;
import io.espalier.federation.transfer.PartialTransfer;
import io.espalier.federation.transfer.ProgressTimeout;
import io.espalier.trainer.file.Sha256;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Receives one payload. The next chunk is requested when the previous one is in the file. Called by
 * one thread at a time, except for {@link #cancel}.
 */
final class DownloadCall implements ClientResponseObserver<DownloadRequest, Chunk> {
  private final String digest;
  private final long bytes;
  private final Path target;
  private final PartialTransfer part;
  private final CompletableFuture<Path> done = new CompletableFuture<>();
  private volatile Optional<ClientCallStreamObserver<DownloadRequest>> call = Optional.empty();
  private volatile Optional<ProgressTimeout> timeout = Optional.empty();

  DownloadCall(String digest, long bytes, Path target, PartialTransfer part) {
    this.digest = digest;
    this.bytes = bytes;
    this.target = target;
    this.part = part;
  }

  CompletableFuture<Path> done() {
    return done;
  }

  void limitedBy(ProgressTimeout progress) {
    timeout = Optional.of(progress);
  }

  void cancel() {
    call.ifPresent(running -> running.cancel("the server must send in time", null));
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<DownloadRequest> running) {
    running.disableAutoRequestWithInitial(1);
    call = Optional.of(running);
  }

  @Override
  public void onNext(Chunk chunk) {
    if (done.isDone()) {
      return;
    }
    try {
      if (part.length() + chunk.getData().size() > bytes) {
        part.discard();
        throw new ServerRefusedException(
            RefusalReason.OVERSIZE, "a payload must not be larger than announced: bytes=" + bytes);
      }
      part.append(chunk.getData().asReadOnlyByteBuffer());
      timeout.ifPresent(ProgressTimeout::progress);
      call.orElseThrow().request(1);
    } catch (IOException | ServerRefusedException e) {
      end(e);
      call.orElseThrow().cancel("the payload is not wanted any more", e);
    }
  }

  @Override
  public void onError(Throwable failure) {
    end(LinkLostException.of(failure));
  }

  @Override
  public void onCompleted() {
    timeout.ifPresent(ProgressTimeout::stop);
    try {
      if (!done.isDone()) {
        keep();
      }
    } catch (IOException e) {
      end(e);
    }
  }

  private void keep() throws IOException {
    part.force();
    String came = Sha256.ofFile(part.path());
    if (!came.equals(digest)) {
      part.discard();
      end(
          new ServerRefusedException(
              RefusalReason.WRONG_DIGEST,
              "a payload must have its digest: digest=%s, came=%s".formatted(digest, came)));
      return;
    }
    part.close();
    AtomicFile.move(part.path(), target);
    part.discard();
    done.complete(target);
  }

  private void end(Exception failure) {
    timeout.ifPresent(ProgressTimeout::stop);
    try {
      part.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    done.completeExceptionally(failure);
  }
}
