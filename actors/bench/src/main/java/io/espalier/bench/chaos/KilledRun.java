package io.espalier.bench.chaos;

import io.espalier.bench.harness.ChildProcesses;
import io.espalier.bench.harness.FailedProcessException;
import io.espalier.bench.harness.ProcessExit;
import io.espalier.telemetry.outbox.OutboxReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A run in processes of their own, which may be killed. Not thread-safe. */
final class KilledRun {
  private final ChildProcesses children;
  private final Path directory;
  private final Path log;
  private final List<String> first;
  private final List<Kill> kills = new ArrayList<>();
  private int starts;

  /**
   * A run that has not begun.
   *
   * @param first arguments of its first process, without its directory
   */
  KilledRun(ChildProcesses children, Path directory, Path log, List<String> first) {
    this.children = children;
    this.directory = directory;
    this.log = log;
    this.first = List.copyOf(first);
  }

  Path directory() {
    return directory;
  }

  List<Kill> kills() {
    return List.copyOf(kills);
  }

  int starts() {
    return starts;
  }

  boolean isFinished() {
    return Files.exists(directory.resolve("summary.json"));
  }

  /**
   * Lets a process begin the run or go on with it, and kills it.
   *
   * @return whether the kill hit it; if not, the run is finished
   */
  boolean kill(Duration after, long totalSteps, Duration limit)
      throws IOException, InterruptedException, FailedProcessException {
    int before = OutboxReader.readAll(directory).size();
    ProcessExit ending = start(Optional.of(after), limit);
    if (ending.killed()) {
      Phase phase = Phase.of(OutboxReader.readAll(directory), before, totalSteps);
      kills.add(new Kill(starts, ending.seconds(), phase));
    }
    return ending.killed();
  }

  /** Lets a process begin the run or go on with it to its end; returns how long that took. */
  double finish(Duration limit) throws IOException, InterruptedException, FailedProcessException {
    return start(Optional.empty(), limit).seconds();
  }

  private ProcessExit start(Optional<Duration> killAfter, Duration limit)
      throws IOException, InterruptedException, FailedProcessException {
    starts++;
    return children.run(arguments(), log, killAfter, limit);
  }

  /** Without a recipe in its directory a run has not begun. */
  private List<String> arguments() {
    if (Files.exists(directory.resolve("recipe.conf"))) {
      return List.of("train", "--resume", directory.toString());
    }
    List<String> arguments = new ArrayList<>(first);
    arguments.addAll(List.of("--out", directory.toString()));
    return arguments;
  }
}
