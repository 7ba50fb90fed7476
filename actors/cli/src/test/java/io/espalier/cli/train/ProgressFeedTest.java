package io.espalier.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.RunEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProgressFeedTest {
  @Test
  void feed_eventsBeforeAndAfterStart_areShownInOrder() {
    List<Event> shown = new CopyOnWriteArrayList<>();
    ProgressFeed feed = new ProgressFeed();

    feed.accept(event(1));
    feed.start(shown::add);
    feed.accept(event(2));
    feed.close();

    assertThat(shown).containsExactly(event(1), event(2));
  }

  @Test
  void feed_showerStandsStill_doesNotHoldUpWhoTells() {
    CountDownLatch stalled = new CountDownLatch(1);
    ProgressFeed feed = new ProgressFeed();
    feed.start(event -> awaitQuietly(stalled));

    IntStream.range(0, 10_000).forEach(i -> feed.accept(event(i)));

    assertThat(feed.dropped()).isGreaterThanOrEqualTo(10_000 - 4096 - 1);
    stalled.countDown();
    feed.close();
  }

  private static Event event(int attempt) {
    return new RunEvent.RunResumed(attempt, 0);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
