package io.espalier.service.dashboard;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.japi.Pair;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.service.http.ApiJson;
import io.espalier.telemetry.live.LiveFeed;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one viewer is sent. News is asked for when the viewer has room for it, so one that does not
 * read costs no more than what its subscription keeps. Its steps follow each other.
 */
final class LiveStream {
  private static final Logger LOG = LoggerFactory.getLogger(LiveStream.class);

  /** With the time between two looks, a status comes each second at the latest. */
  private static final long STATUS_NANOS = Duration.ofMillis(750).toNanos();

  private final ActorSystem<?> system;
  private final LiveFeed feed;
  private final List<News> sources;
  private final Clock clock;
  private final long pollNanos;
  private final BooleanSupplier isClosing;
  private long polled;
  private long told;

  /** What there is to tell since the last call; never waits. */
  @FunctionalInterface
  interface News {
    List<JsonNode> poll();
  }

  /**
   * @param sources what is told, in this order
   * @param poll between two looks for news
   * @param isClosing whether the stream must end
   */
  LiveStream(
      ActorSystem<?> system,
      LiveFeed feed,
      List<News> sources,
      Clock clock,
      Duration poll,
      BooleanSupplier isClosing) {
    this.system = system;
    this.feed = feed;
    this.sources = List.copyOf(sources);
    this.clock = clock;
    this.pollNanos = poll.toNanos();
    this.isClosing = isClosing;
    this.polled = System.nanoTime() - pollNanos;
    this.told = System.nanoTime() - STATUS_NANOS;
  }

  Source<ByteString, NotUsed> source() {
    return Source.unfoldAsync(this, LiveStream::step)
        .mapConcat(messages -> messages)
        .map(LiveStream::text);
  }

  private CompletionStage<Optional<Pair<LiveStream, List<JsonNode>>>> step() {
    long wait = polled + pollNanos - System.nanoTime();
    return wait <= 0
        ? CompletableFuture.completedFuture(next())
        : CompletableFuture.supplyAsync(this::next, work -> later(Duration.ofNanos(wait), work));
  }

  private void later(Duration wait, Runnable work) {
    system.scheduler().scheduleOnce(wait, work, system.executionContext());
  }

  private Optional<Pair<LiveStream, List<JsonNode>>> next() {
    try {
      return isClosing.getAsBoolean() ? Optional.empty() : Optional.of(Pair.create(this, news()));
    } catch (RuntimeException e) {
      LOG.error("a live stream must go on; its viewer comes back: cause={}", e.toString(), e);
      throw e;
    }
  }

  private List<JsonNode> news() {
    polled = System.nanoTime();
    List<JsonNode> messages = new ArrayList<>();
    if (polled - told >= STATUS_NANOS) {
      told = polled;
      messages.add(feed.status().json(clock.instant()));
    }
    sources.forEach(each -> messages.addAll(each.poll()));
    return messages;
  }

  private static ByteString text(JsonNode message) {
    // JSON has no line breaks but escaped ones, so that a message is one line.
    return ByteString.fromString("data: ")
        .concat(ByteString.fromArrayUnsafe(ApiJson.bytes(message)))
        .concat(ByteString.fromString("\n\n"));
  }
}
