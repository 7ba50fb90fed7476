package io.espalier.service.dashboard;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.japi.Pair;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.service.http.ServerSentEvents;
import io.espalier.telemetry.live.LiveFeed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages of one viewer, made on demand, so that a viewer that does not read costs only its
 * subscription. Steps are sequential.
 */
final class LiveStream {
  private static final Logger LOG = LoggerFactory.getLogger(LiveStream.class);

  /** With the time between two looks, a status comes each second at the latest. */
  private static final long STATUS_NANOS = Duration.ofMillis(750).toNanos();

  private final ActorSystem<?> system;
  private final LiveFeed feed;
  private final List<Supplier<List<JsonNode>>> sources;
  private final DashboardSettings settings;
  private final BooleanSupplier isClosing;
  private final long pollNanos;
  private long polled;
  private long statusSent;

  /** The {@code sources} return the messages since their last call and never wait. */
  LiveStream(
      ActorSystem<?> system,
      LiveFeed feed,
      List<Supplier<List<JsonNode>>> sources,
      DashboardSettings settings,
      BooleanSupplier isClosing) {
    this.system = system;
    this.feed = feed;
    this.sources = List.copyOf(sources);
    this.settings = settings;
    this.isClosing = isClosing;
    this.pollNanos = settings.limits().poll().toNanos();
    this.polled = System.nanoTime() - pollNanos;
    this.statusSent = System.nanoTime() - STATUS_NANOS;
  }

  Source<ByteString, NotUsed> source() {
    return Source.unfoldAsync(this, LiveStream::step)
        .mapConcat(messages -> messages)
        .map(ServerSentEvents::data);
  }

  private CompletionStage<Optional<Pair<LiveStream, List<JsonNode>>>> step() {
    long wait = polled + pollNanos - System.nanoTime();
    return wait <= 0
        ? CompletableFuture.completedFuture(next())
        : CompletableFuture.supplyAsync(
            this::next,
            work ->
                system
                    .scheduler()
                    .scheduleOnce(Duration.ofNanos(wait), work, system.executionContext()));
  }

  private Optional<Pair<LiveStream, List<JsonNode>>> next() {
    try {
      return isClosing.getAsBoolean()
          ? Optional.empty()
          : Optional.of(Pair.create(this, messages()));
    } catch (RuntimeException e) {
      LOG.error("a live stream must go on; its viewer connects again: cause={}", e.toString(), e);
      throw e;
    }
  }

  private List<JsonNode> messages() {
    polled = System.nanoTime();
    List<JsonNode> messages = new ArrayList<>();
    if (polled - statusSent >= STATUS_NANOS) {
      statusSent = polled;
      messages.add(feed.status().json(settings.clock().instant()));
    }
    sources.forEach(each -> messages.addAll(each.get()));
    return messages;
  }
}
