package io.espalier.configs.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes the body of an answer to a channel, up to a limit, and fails with a {@link
 * FileSystemException} where the channel does. Thread-safe: another thread may close it, after
 * which it writes nothing.
 */
final class BodyWriter implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {
  private final CompletableFuture<Boolean> end = new CompletableFuture<>();
  private final WritableByteChannel target;
  private final String name;
  private final AtomicLong bytes;
  private final long limit;
  private Optional<Flow.Subscription> subscription = Optional.empty();
  private boolean closed;

  /** Writes after {@code present} bytes; {@code name} names the channel in failures. */
  BodyWriter(WritableByteChannel target, String name, long present, long limit) {
    this.target = target;
    this.name = name;
    this.bytes = new AtomicLong(present);
    this.limit = limit;
  }

  /** Completes after the last byte. */
  CompletableFuture<Boolean> end() {
    return end;
  }

  long bytes() {
    return bytes.get();
  }

  @Override
  public synchronized void onSubscribe(Flow.Subscription given) {
    subscription = Optional.of(given);
    given.request(1);
    if (closed) {
      given.cancel();
    }
  }

  @Override
  public synchronized void onNext(List<ByteBuffer> buffers) {
    try {
      for (ByteBuffer buffer : buffers) {
        if (bytes.get() + buffer.remaining() > limit) {
          fail(new Download.TooLongException(limit));
        }
        while (!closed && buffer.hasRemaining()) {
          bytes.addAndGet(target.write(buffer));
        }
      }
      subscription.ifPresent(each -> each.request(1));
    } catch (IOException e) {
      fail(new FileSystemException(name, null, e.getMessage()));
    }
  }

  private void fail(IOException cause) {
    close();
    end.completeExceptionally(cause);
  }

  @Override
  public void onError(Throwable cause) {
    end.completeExceptionally(cause);
  }

  @Override
  public void onComplete() {
    end.complete(true);
  }

  @Override
  public synchronized void close() {
    closed = true;
    subscription.ifPresent(Flow.Subscription::cancel);
  }
}
