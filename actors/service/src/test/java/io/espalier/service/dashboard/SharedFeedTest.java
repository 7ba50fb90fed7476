package io.espalier.service.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import io.espalier.telemetry.live.LiveFeed;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import scala.concurrent.ExecutionContext;

class SharedFeedTest {
  private static final Duration KEEP = Duration.ofMinutes(10);

  private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  private final ManualTime time = ManualTime.get(kit.system());
  private final AtomicInteger started = new AtomicInteger();
  private final SharedFeed feed =
      new SharedFeed(
          this::started,
          kit.system().scheduler(),
          ExecutionContext.fromExecutor(Runnable::run),
          KEEP);

  @AfterEach
  void stop() {
    feed.close();
    kit.shutdownTestKit();
  }

  @Test
  void feed_beginsWithTheFirstViewer_andIsOneForAll() {
    assertThat(feed.isOpen()).isFalse();

    LiveFeed first = feed.enter();
    LiveFeed second = feed.enter();

    assertThat(second).isSameAs(first);
    assertThat(started).hasValue(1);
  }

  @Test
  void feed_endsSomeTimeAfterTheLastViewer_andBeginsAnewWithTheNext() {
    // Given
    feed.enter();
    feed.enter();
    feed.leave();
    time.timePasses(KEEP.multipliedBy(2));
    assertThat(feed.isOpen()).isTrue();

    // When
    feed.leave();
    time.timePasses(KEEP.minusSeconds(1));
    boolean isKept = feed.isOpen();
    time.timePasses(Duration.ofSeconds(1));

    // Then
    assertThat(isKept).isTrue();
    assertThat(feed.isOpen()).isFalse();
    feed.enter();
    assertThat(started).hasValue(2);
  }

  @Test
  void viewer_whoComesBackInTime_findsTheSameFeed() {
    LiveFeed first = feed.enter();
    feed.leave();
    time.timePasses(KEEP.minusSeconds(1));

    LiveFeed again = feed.enter();
    time.timePasses(KEEP.multipliedBy(2));

    assertThat(again).isSameAs(first);
    assertThat(feed.isOpen()).isTrue();
  }

  private LiveFeed started() {
    started.incrementAndGet();
    return LiveFeed.start(Optional::empty, Clock.systemUTC());
  }
}
