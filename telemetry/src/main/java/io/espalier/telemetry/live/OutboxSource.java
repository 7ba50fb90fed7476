package io.espalier.telemetry.live;

import io.espalier.telemetry.event.RawEnvelope;
import io.espalier.telemetry.outbox.OutboxReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

final class OutboxSource implements EventSource {
  private static final int BATCH = 1_000;
  private static final long POLL_MS = 100;

  private final OutboxReader reader;
  private final CountDownLatch stopped = new CountDownLatch(1);

  private OutboxSource(OutboxReader reader) {
    this.reader = reader;
  }

  static OutboxSource open(Path runDirectory) throws IOException {
    return new OutboxSource(OutboxReader.open(runDirectory, 0));
  }

  @Override
  public List<RawEnvelope> past() throws IOException {
    return reader.next(Integer.MAX_VALUE);
  }

  @Override
  public List<RawEnvelope> next(Duration limit) throws IOException {
    long until = System.nanoTime() + limit.toNanos();
    List<RawEnvelope> found = reader.next(BATCH);
    while (found.isEmpty() && System.nanoTime() < until && !awaitStop()) {
      found = reader.next(BATCH);
    }
    return found;
  }

  private boolean awaitStop() {
    try {
      return stopped.await(POLL_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Override
  public void stop() {
    stopped.countDown();
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
