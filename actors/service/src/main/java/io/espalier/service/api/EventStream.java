package io.espalier.service.api;

import akka.NotUsed;
import akka.japi.Pair;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The events that one client is sent. A piece is read when the client has room for it, so a slow
 * client costs a piece and no thread. Its steps follow each other.
 */
final class EventStream {
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final RunFeed feed;
  private final EventReader reader;
  private final boolean follows;
  private final Executor threads;

  private enum Phase {
    BEGINS,
    GOES_ON,
    IS_OVER
  }

  EventStream(RunFeed feed, long after, boolean follows, Executor threads) {
    this.feed = feed;
    this.reader = feed.reader(after);
    this.follows = follows;
    this.threads = threads;
  }

  Source<ByteString, NotUsed> source() {
    return Source.unfoldAsync(Phase.BEGINS, this::step);
  }

  private CompletionStage<Optional<Pair<Phase, ByteString>>> step(Phase phase) {
    return switch (phase) {
      // At once, so that a client knows that it is connected.
      case BEGINS -> said(Phase.GOES_ON, SseText.retry(RETRY));
      case GOES_ON -> read();
      case IS_OVER -> CompletableFuture.completedFuture(Optional.empty());
    };
  }

  private CompletionStage<Optional<Pair<Phase, ByteString>>> read() {
    if (feed.isClosing()) {
      return said(Phase.IS_OVER, SseText.retry(RETRY));
    }
    // Before the reading: what is written before the end is then read before it is told.
    Optional<byte[]> end = feed.end();
    return CompletableFuture.supplyAsync(this::piece, threads)
        .thenCompose(piece -> piece.isEmpty() ? nothing(end) : said(Phase.GOES_ON, piece));
  }

  private CompletionStage<Optional<Pair<Phase, ByteString>>> nothing(Optional<byte[]> end) {
    if (end.isPresent()) {
      return said(Phase.IS_OVER, SseText.end(end.get()));
    }
    if (!follows) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return feed.await(reader.seen())
        .thenCompose(
            signal ->
                signal == RunFeed.Signal.HEARTBEAT
                    ? said(Phase.GOES_ON, SseText.heartbeat())
                    : read());
  }

  private ByteString piece() {
    try {
      return reader.next();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CompletionStage<Optional<Pair<Phase, ByteString>>> said(
      Phase next, ByteString text) {
    return CompletableFuture.completedFuture(Optional.of(Pair.create(next, text)));
  }
}
