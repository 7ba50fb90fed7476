package io.espalier.trainer.data.source;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/** Writes a response's body to a file, up to a limit. Thread-safe: another thread may close it. */
final class ResponseBody implements BodySubscriber<Boolean>, AutoCloseable {
  static final class TooLongException extends IOException {
    TooLongException(long limit) {
      super("more than " + limit + " bytes");
    }
  }

  private final CompletableFuture<Boolean> end = new CompletableFuture<>();
  private final AtomicLong bytes;
  private final long limit;
  private Optional<FileChannel> target;
  private Optional<Flow.Subscription> subscription = Optional.empty();

  private ResponseBody(Optional<FileChannel> target, long present, long limit) {
    this.target = target;
    this.bytes = new AtomicLong(present);
    this.limit = limit;
  }

  static ResponseBody to(FileChannel target, long present, long limit) {
    return new ResponseBody(Optional.of(target), present, limit);
  }

  static ResponseBody refused() {
    return new ResponseBody(Optional.empty(), 0, 0);
  }

  long bytes() {
    return bytes.get();
  }

  @Override
  public CompletionStage<Boolean> getBody() {
    return end;
  }

  @Override
  public synchronized void onSubscribe(Flow.Subscription given) {
    subscription = Optional.of(given);
    if (target.isPresent()) {
      given.request(1);
    } else {
      given.cancel();
      end.complete(false);
    }
  }

  @Override
  public synchronized void onNext(List<ByteBuffer> buffers) {
    try {
      for (ByteBuffer buffer : buffers) {
        write(buffer);
      }
      subscription.ifPresent(each -> each.request(1));
    } catch (IOException e) {
      subscription.ifPresent(Flow.Subscription::cancel);
      onError(e);
    }
  }

  private void write(ByteBuffer buffer) throws IOException {
    if (target.isPresent()) {
      if (bytes.get() + buffer.remaining() > limit) {
        throw new TooLongException(limit);
      }
      while (buffer.hasRemaining()) {
        bytes.addAndGet(target.get().write(buffer));
      }
    }
  }

  @Override
  public void onError(Throwable cause) {
    close();
    end.completeExceptionally(cause);
  }

  @Override
  public void onComplete() {
    close();
    end.complete(true);
  }

  @Override
  public synchronized void close() {
    Optional<FileChannel> open = target;
    target = Optional.empty();
    try {
      if (open.isPresent()) {
        open.get().close();
      }
    } catch (IOException e) {
      end.completeExceptionally(e);
    }
  }
}
