package io.espalier.federation.client;

import io.espalier.federation.protocol.Receipt;
import io.espalier.federation.protocol.UploadFrame;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.federation.protocol.UploadReply;
import io.espalier.federation.transfer.FileChunks;
import io.espalier.federation.transfer.ProgressTimeout;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Sends one result: the header, then chunks from the server's offset. Thread-safe. */
final class UploadCall implements ClientResponseObserver<UploadFrame, UploadReply> {
  private final UploadHeader header;
  private final FileChunks chunks;
  private final CompletableFuture<Receipt> done = new CompletableFuture<>();
  private Optional<ClientCallStreamObserver<UploadFrame>> call = Optional.empty();
  private Optional<ProgressTimeout> timeout = Optional.empty();
  private boolean sending;

  UploadCall(UploadHeader header, FileChunks chunks) {
    this.header = header;
    this.chunks = chunks;
  }

  CompletableFuture<Receipt> done() {
    return done;
  }

  synchronized void limitedBy(ProgressTimeout progress) {
    timeout = Optional.of(progress);
  }

  synchronized void cancel() {
    call.ifPresent(running -> running.cancel("the server must take what it is sent", null));
  }

  @Override
  public synchronized void beforeStart(ClientCallStreamObserver<UploadFrame> running) {
    running.setOnReadyHandler(this::pump);
    call = Optional.of(running);
  }

  synchronized void begin() {
    call.orElseThrow().onNext(UploadFrame.newBuilder().setHeader(header).build());
  }

  @Override
  public synchronized void onNext(UploadReply reply) {
    timeout.ifPresent(ProgressTimeout::progress);
    switch (reply.getReplyCase()) {
      case OFFSET -> from(reply.getOffset());
      case RECEIPT -> end(Optional.empty(), reply.getReceipt());
      case REFUSAL -> fail(new ServerRefusedException(reply.getRefusal()));
      case REPLY_NOT_SET -> {
        // A newer server says more than this client needs to know.
      }
    }
  }

  @Override
  public void onError(Throwable failure) {
    fail(LinkLostException.of(failure));
  }

  @Override
  public void onCompleted() {
    fail(
        new LinkLostException(
            "an upload must end with a receipt or a refusal", new IOException("no reply")));
  }

  private void from(long offset) {
    if (sending) {
      return;
    }
    try {
      chunks.seek(offset);
      sending = true;
      pump();
    } catch (IllegalArgumentException e) {
      abandon(e);
    }
  }

  private synchronized void pump() {
    try {
      ClientCallStreamObserver<UploadFrame> out = call.orElseThrow();
      while (sending && !done.isDone() && out.isReady()) {
        if (chunks.hasNext()) {
          out.onNext(UploadFrame.newBuilder().setChunk(chunks.next()).build());
          timeout.ifPresent(ProgressTimeout::progress);
        } else {
          sending = false;
          out.onCompleted();
        }
      }
    } catch (IOException e) {
      abandon(e);
    }
  }

  private void abandon(Exception failure) {
    fail(failure);
    call.orElseThrow().cancel("the result cannot be sent", failure);
  }

  private void fail(Exception failure) {
    end(Optional.of(failure), Receipt.getDefaultInstance());
  }

  private synchronized void end(Optional<Exception> failure, Receipt receipt) {
    if (done.isDone()) {
      return;
    }
    timeout.ifPresent(ProgressTimeout::stop);
    try {
      chunks.close();
    } catch (IOException e) {
      failure.ifPresent(first -> first.addSuppressed(e));
    }
    failure.ifPresentOrElse(done::completeExceptionally, () -> done.complete(receipt));
  }
}
