package io.espalier.bench.accuracy;

import io.espalier.bench.harness.ChildProcess;
import io.espalier.cli.console.CommandRefusedException;
import io.espalier.configs.file.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The process of one run, which trains on request. Not thread-safe. */
final class ShrinkProcess implements AutoCloseable {
  private final ShrinkTrial trial;
  private final Path log;
  private final ChildProcess process;
  private long turns;

  private ShrinkProcess(ShrinkTrial trial, Path log, long turns, ChildProcess process) {
    this.trial = trial;
    this.turns = turns;
    this.log = log;
    this.process = process;
  }

  static ShrinkProcess start(ShrinkTrial trial, Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve(ShrinkWorker.RECIPE), trial.recipe().text());
    Path log = directory.resolve("log.txt");
    return new ShrinkProcess(
        trial,
        log,
        TurnLog.count(directory),
        ChildProcess.worker(
            ShrinkWorker.class,
            List.of(),
            ProcessBuilder.Redirect.to(log.toFile()),
            List.of(directory.toString())));
  }

  ShrinkTrial trial() {
    return trial;
  }

  long turns() {
    return turns;
  }

  Optional<ShrinkResult.Outcome> turn() throws IOException {
    String answer = answer();
    turns++;
    return answer.startsWith(ShrinkWorker.RESULT)
        ? Optional.of(
            Json.LENIENT.readValue(
                answer.substring(ShrinkWorker.RESULT.length()), ShrinkResult.Outcome.class))
        : Optional.empty();
  }

  private String answer() {
    try {
      return process.ask("go");
    } catch (IOException e) {
      throw new CommandRefusedException(
          "a run must reach its end to give results: run=%s, log=%s".formatted(trial.key(), log));
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
