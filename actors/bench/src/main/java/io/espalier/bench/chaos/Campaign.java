package io.espalier.bench.chaos;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.ChildProcess;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.outbox.RunHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The runs of one combination: one uninterrupted, then killed ones. Not thread-safe. */
final class Campaign {
  static final String WHOLE = "-whole";

  private static final Duration SHORTEST_LIMIT = Duration.ofMinutes(2);
  private static final int LIMIT_FACTOR = 10;

  private final ChaosCase combination;
  private final BenchDirectory scratch;
  private final List<String> first;
  private final List<ChaosRow.ComparedRun> compared = new ArrayList<>();

  private record Whole(Path directory, Duration time, long steps) {
    Duration limit() {
      Duration scaled = time.multipliedBy(LIMIT_FACTOR);
      return scaled.compareTo(SHORTEST_LIMIT) > 0 ? scaled : SHORTEST_LIMIT;
    }
  }

  private Campaign(ChaosCase combination, BenchDirectory scratch, List<String> first) {
    this.combination = combination;
    this.scratch = scratch;
    this.first = first;
  }

  static Campaign of(
      ChaosCase combination, long seed, List<String> overrides, BenchDirectory scratch)
      throws IOException {
    Path recipe = scratch.run(combination.name() + ".conf");
    Files.writeString(recipe, combination.recipe(seed));
    List<String> first = new ArrayList<>(List.of("train", recipe.toString()));
    overrides.forEach(override -> first.addAll(List.of("-D", override)));
    return new Campaign(combination, scratch, first);
  }

  /**
   * Kills so many times, and compares every run that was begun, the uninterrupted one included;
   * ends at the first that fails.
   */
  ChaosRow run(int kills, KillDraws draws) throws IOException, InterruptedException {
    String name = combination.name();
    KilledRun run = begin(name + WHOLE);
    try {
      Duration time = Duration.ofNanos((long) (1e9 * run.finish(SHORTEST_LIMIT)));
      Whole whole = new Whole(run.directory(), time, steps(run.directory()));
      compare(run, whole);
      int left = kills;
      while (left > 0) {
        run = begin(name + "-" + compared.size());
        left -= killAndFinish(run, left, draws, whole);
        compare(run, whole);
      }
      return new ChaosRow(combination, time.toNanos() / 1e9, compared);
    } catch (ChildProcess.FailedException e) {
      compared.add(
          new ChaosRow.ComparedRun(
              run.directory().getFileName().toString(),
              run.kills(),
              run.starts(),
              List.of(String.valueOf(e.getMessage())),
              List.of("not compared: the run has no end"),
              Optional.empty()));
      return new ChaosRow(combination, 0, compared);
    }
  }

  private KilledRun begin(String name) {
    return new KilledRun(scratch, name, first);
  }

  /** Returns how many kills hit the run. */
  private static int killAndFinish(KilledRun run, int most, KillDraws draws, Whole whole)
      throws IOException, InterruptedException, ChildProcess.FailedException {
    int hits = 0;
    while (hits < most && !run.isFinished()) {
      hits += run.kill(draws.next(whole.time()), whole.steps()) ? 1 : 0;
    }
    if (!run.isFinished()) {
      run.finish(whole.limit());
    }
    return hits;
  }

  private void compare(KilledRun run, Whole whole) throws IOException {
    RunFileComparison files = new RunFileComparison(whole.directory(), run.directory());
    compared.add(
        new ChaosRow.ComparedRun(
            run.directory().getFileName().toString(),
            run.kills(),
            run.starts(),
            files.differentResults(),
            files.differentEvents(),
            Optional.empty()));
  }

  private static long steps(Path run) throws IOException {
    return RunHistory.read(run).last(RunFinished.class).orElseThrow().steps();
  }
}
