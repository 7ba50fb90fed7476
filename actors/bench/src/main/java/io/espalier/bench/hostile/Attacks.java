package io.espalier.bench.hostile;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.ChildProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Attacks by a worker process, which is replaced when it dies or hangs. Not thread-safe. */
final class Attacks implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String LOG = "worker";

  private final BenchDirectory scratch;
  private final long seed;
  private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
  private ChildProcess worker;

  private Attacks(BenchDirectory scratch, long seed, ChildProcess worker) {
    this.scratch = scratch;
    this.seed = seed;
    this.worker = worker;
  }

  static Attacks start(BenchDirectory scratch, long seed) throws IOException {
    return new Attacks(scratch, seed, worker(scratch));
  }

  private static ChildProcess worker(BenchDirectory scratch) throws IOException {
    ChildProcess worker =
        ChildProcess.worker(HostileWorker.class, scratch, LOG, List.of("-Xmx512m"));
    try {
      worker.answer();
      return worker;
    } catch (IOException e) {
      worker.close();
      throw new IOException("a worker must make its valid files: log=" + scratch.log(LOG), e);
    }
  }

  Outcome on(InputKind kind, int inputs) throws IOException {
    int read = 0;
    int refused = 0;
    int unexpected = 0;
    int hung = 0;
    int left = 0;
    long longestNs = 0;
    long peakBytes = 0;
    List<String> failures = new ArrayList<>();
    for (int number = 0; number < inputs; number++) {
      long startNs = System.nanoTime();
      ScheduledFuture<?> limit =
          watch.schedule(worker::close, LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      try {
        HostileWorker.Answer answer =
            HostileWorker.Answer.parse(worker.ask("%s %d %d".formatted(kind.name(), seed, number)));
        read += answer.exit() == 0 ? 1 : 0;
        refused += answer.exit() != 0 && !answer.unexpected() ? 1 : 0;
        unexpected += answer.unexpected() ? 1 : 0;
        left += answer.left();
        if (answer.unexpected() || answer.left() != 0) {
          failures.add("%s %d: %s".formatted(kind, number, answer));
        }
        peakBytes = Math.max(peakBytes, number % 100 == 0 ? worker.memory().peakBytes() : 0);
      } catch (IOException e) {
        boolean late = System.nanoTime() - startNs >= LIMIT.toNanos();
        hung += late ? 1 : 0;
        unexpected += late ? 0 : 1;
        failures.add("%s %d: %s".formatted(kind, number, late ? "hangs" : "ends its process"));
        worker.close();
        worker = worker(scratch);
      } finally {
        limit.cancel(false);
      }
      longestNs = Math.max(longestNs, System.nanoTime() - startNs);
    }
    return new Outcome(
        kind,
        inputs,
        new Outcome.AttackCounts(read, refused, unexpected, hung, left),
        longestNs / 1e9,
        peakBytes,
        failures);
  }

  @Override
  public void close() {
    watch.shutdownNow();
    worker.close();
  }
}
