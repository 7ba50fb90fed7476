package io.espalier.service.node;

import io.espalier.service.FullQuota;
import io.espalier.service.FullQuota.Holder;
import io.espalier.service.FullQuota.Rule;
import io.espalier.service.Ownership;
import io.espalier.service.Quota;
import io.espalier.service.RunPage;
import io.espalier.service.RunQuery;
import io.espalier.service.RunStatus;
import io.espalier.service.Submitter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * The files of runs against the quotas of their owners and projects. The directory of an ended run
 * is measured once, that of another at most once a minute. Thread-safe.
 */
final class StoredBytes {
  private static final int MOST_RUNS = 500;
  private static final int MOST_KNOWN = 10_000;
  private static final long OLD_NS = Duration.ofMinutes(1).toNanos();

  private final RunDirectories files;
  private final Map<String, Measured> known =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Measured> eldest) {
          return size() > MOST_KNOWN;
        }
      };

  private record Measured(Instant changed, boolean ended, long bytes, long atNs) {
    boolean holdsFor(RunStatus run) {
      return (changed.equals(run.standing().changed()) && ended)
          || System.nanoTime() - atNs < OLD_NS;
    }
  }

  StoredBytes(RunDirectories files) {
    this.files = files;
  }

  /** The full quota of a submitter, if there is one; {@code threads} read files. */
  CompletionStage<Optional<FullQuota>> full(
      Submitter submitter, Function<RunQuery, CompletionStage<RunPage>> runs, Executor threads) {
    Ownership whose = submitter.ownership();
    CompletionStage<Optional<FullQuota>> owner =
        whose.owner().isPresent()
            ? full(
                submitter.quotas().owner(),
                Holder.OWNER,
                whose,
                newest().of(whose.owner(), Optional.empty()),
                runs,
                threads)
            : CompletableFuture.completedFuture(Optional.empty());
    return owner.thenCombine(
        full(
            submitter.quotas().project(),
            Holder.PROJECT,
            whose,
            newest().of(Optional.empty(), Optional.of(whose.project())),
            runs,
            threads),
        (one, other) -> one.or(() -> other));
  }

  private static RunQuery newest() {
    return new RunQuery(Set.of(), "", MOST_RUNS, Optional.empty());
  }

  private CompletionStage<Optional<FullQuota>> full(
      Quota quota,
      Holder holder,
      Ownership whose,
      RunQuery query,
      Function<RunQuery, CompletionStage<RunPage>> runs,
      Executor threads) {
    if (quota.runBytes().isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    long limit = quota.runBytes().getAsLong();
    return bytes(query, runs, threads)
        .thenApply(
            bytes ->
                bytes >= limit
                    ? Optional.of(FullQuota.of(Rule.RUN_BYTES, holder, whose, limit, bytes))
                    : Optional.empty());
  }

  private CompletionStage<Long> bytes(
      RunQuery query, Function<RunQuery, CompletionStage<RunPage>> runs, Executor threads) {
    return runs.apply(query)
        .thenApplyAsync(this::bytes, threads)
        .thenCompose(
            page ->
                page.next().isEmpty()
                    ? CompletableFuture.completedFuture(page.bytes())
                    : bytes(query.from(page.next()), runs, threads)
                        .thenApply(more -> page.bytes() + more));
  }

  private record PageBytes(long bytes, Optional<String> next) {}

  private PageBytes bytes(RunPage page) {
    return new PageBytes(page.runs().stream().mapToLong(this::bytes).sum(), page.next());
  }

  private synchronized long bytes(RunStatus run) {
    Measured before = known.get(run.run());
    if (before != null && before.holdsFor(run)) {
      return before.bytes();
    }
    try {
      long bytes = files.bytes(run.run());
      known.put(
          run.run(),
          new Measured(run.standing().changed(), run.state().isEnded(), bytes, System.nanoTime()));
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
