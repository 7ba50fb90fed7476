package io.espalier.service.api;

import akka.NotUsed;
import akka.japi.Pair;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.service.http.ServerSentEvents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The events that one client receives. A piece is read when the client has room for it, so that a
 * slow client costs a piece and no thread. Its steps follow each other.
 */
final class EventStream {
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final RunFeed feed;
  private final EventReader reader;
  private final boolean follows;
  private final Executor threads;

  private enum Phase {
    BEGIN,
    READ,
    END
  }

  EventStream(RunFeed feed, long after, boolean follows, Executor threads) {
    this.feed = feed;
    this.reader = feed.reader(after);
    this.follows = follows;
    this.threads = threads;
  }

  Source<ByteString, NotUsed> source() {
    return Source.unfoldAsync(Phase.BEGIN, this::step);
  }

  private CompletionStage<Optional<Pair<Phase, ByteString>>> step(Phase phase) {
    return switch (phase) {
      // At once, so that a client knows that it is connected.
      case BEGIN -> send(Phase.READ, ServerSentEvents.retry(RETRY));
      case READ -> read();
      case END -> CompletableFuture.completedFuture(Optional.empty());
    };
  }

  private CompletionStage<Optional<Pair<Phase, ByteString>>> read() {
    if (feed.isClosing()) {
      return send(Phase.END, ServerSentEvents.retry(RETRY));
    }
    // Before the read, so that lines written before the end are sent before it.
    Optional<JsonNode> end = feed.end();
    return CompletableFuture.supplyAsync(this::piece, threads)
        .thenCompose(piece -> piece.isEmpty() ? await(end) : send(Phase.READ, piece));
  }

  private CompletionStage<Optional<Pair<Phase, ByteString>>> await(Optional<JsonNode> end) {
    if (end.isPresent()) {
      return send(Phase.END, ServerSentEvents.event("end", end.get()));
    }
    if (!follows) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return feed.await(reader.seen())
        .thenCompose(
            signal ->
                signal == RunFeed.Signal.HEARTBEAT
                    ? send(Phase.READ, ServerSentEvents.heartbeat())
                    : read());
  }

  private ByteString piece() {
    try {
      return reader.next();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CompletionStage<Optional<Pair<Phase, ByteString>>> send(
      Phase next, ByteString text) {
    return CompletableFuture.completedFuture(Optional.of(Pair.create(next, text)));
  }
}
