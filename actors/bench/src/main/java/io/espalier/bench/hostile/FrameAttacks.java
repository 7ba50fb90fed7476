package io.espalier.bench.hostile;

import io.espalier.bench.gateway.GatewayProcess;
import io.espalier.bench.gateway.WireFuzz;
import io.espalier.bench.harness.BenchDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Plays changed sessions of devices to a gateway in a process of its own. An attack is read if the
 * gateway answers it, else refused; a hang is a good client that waits in between. Not thread-safe.
 */
final class FrameAttacks implements AutoCloseable {
  private static final int CONNECTIONS = 256;
  private static final int ATTACKS_BETWEEN_CHECKS = 100;
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final BenchDirectory scratch;
  private final long seed;
  private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();

  FrameAttacks(BenchDirectory scratch, long seed) {
    this.scratch = scratch;
    this.seed = seed;
  }

  Outcome on(int inputs) throws IOException, InterruptedException {
    Path incoming = scratch.root().resolve("incoming");
    Path log = scratch.log("gateway");
    try (GatewayProcess gateway = GatewayProcess.start(CONNECTIONS, incoming, "512m", log);
        WireFuzz fuzz = WireFuzz.record(gateway.address(), "hostile", "good")) {
      int read = 0;
      double longest = 0;
      boolean answered = true;
      boolean late = false;
      for (int number = 0; number < inputs && answered; number++) {
        long startNs = System.nanoTime();
        read += fuzz.attack(seed, number) ? 1 : 0;
        longest = Math.max(longest, (System.nanoTime() - startNs) / 1e9);
        if (number % ATTACKS_BETWEEN_CHECKS == 0 || number == inputs - 1) {
          startNs = System.nanoTime();
          answered = isGoodClientAnswered(fuzz, gateway);
          late = !answered && System.nanoTime() - startNs >= LIMIT.toNanos();
        }
      }
      long peak = gateway.isAlive() ? gateway.memory().peakBytes() : 0;
      int unexpected = traces(log) + (answered || late ? 0 : 1);
      int left = files(incoming);
      List<String> failures = new ArrayList<>();
      if (!answered || unexpected + left > 0) {
        failures.add(
            "%s: a good client was answered=%s, stack traces=%d, files left=%d, log=%s"
                .formatted(InputKind.FRAMES, answered, traces(log), left, log));
      }
      return new Outcome(
          InputKind.FRAMES,
          inputs,
          new Outcome.AttackCounts(read, inputs - read, unexpected, late ? 1 : 0, left),
          longest,
          peak,
          failures);
    }
  }

  private boolean isGoodClientAnswered(WireFuzz fuzz, GatewayProcess gateway)
      throws InterruptedException {
    ScheduledFuture<?> limit =
        watch.schedule(gateway::close, LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    try {
      fuzz.check();
      return true;
    } catch (IOException e) {
      return false;
    } finally {
      limit.cancel(false);
    }
  }

  @Override
  public void close() {
    watch.shutdownNow();
  }

  /** Stack traces in a log: runs of their lines. */
  private static int traces(Path log) throws IOException {
    int traces = 0;
    boolean within = false;
    for (String line : Files.readAllLines(log)) {
      boolean frame = line.startsWith("\tat ");
      traces += frame && !within ? 1 : 0;
      within = frame;
    }
    return traces;
  }

  /** Without incomplete uploads, one of each device, which it may go on with. */
  private static int files(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    try (Stream<Path> tree = Files.walk(directory)) {
      return (int) tree.filter(file -> Files.isRegularFile(file) && !isIncomplete(file)).count();
    }
  }

  private static boolean isIncomplete(Path file) {
    return file.getFileName().toString().contains(".part");
  }
}
