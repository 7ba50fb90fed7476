package io.espalier.bench.units;

import io.espalier.bench.harness.ChildProcess;
import io.espalier.configs.file.Json;
import io.espalier.console.CommandRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The process of one run, which trains and is timed on request. Not thread-safe. */
final class UnitProcess implements AutoCloseable {
  private static final double BLOCK_SECONDS = 0.2;

  private final Path log;
  private final ChildProcess process;
  private int stepsOfRound = 1;

  private UnitProcess(Path log, ChildProcess process) {
    this.log = log;
    this.process = process;
  }

  static UnitProcess start(UnitTrial trial, Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve(UnitWorker.RECIPE), trial.recipe().text());
    Path log = directory.resolve("log.txt");
    List<String> arguments = new ArrayList<>(List.of(directory.toString()));
    arguments.addAll(trial.row().timed());
    return new UnitProcess(
        log,
        ChildProcess.worker(
            UnitWorker.class, List.of(), ProcessBuilder.Redirect.to(log.toFile()), arguments));
  }

  UnitOutcome train() throws IOException {
    return Json.LENIENT.readValue(ask(UnitWorker.TRAIN), UnitOutcome.class);
  }

  /** Takes steps until Java has compiled their loops. */
  void warmUp(double atLeast) throws IOException {
    double seconds = 0;
    do {
      double step = stepSeconds();
      seconds += stepsOfRound * step;
      stepsOfRound = (int) Math.max(1, BLOCK_SECONDS / step);
    } while (seconds < atLeast);
  }

  /** The seconds of a step, over as many as take a fifth of a second. */
  double stepSeconds() throws IOException {
    return Double.parseDouble(ask(Integer.toString(stepsOfRound)));
  }

  private String ask(String order) {
    try {
      return process.ask(order);
    } catch (IOException e) {
      throw new CommandRefusedException(
          "a run must reach its end to give results: log=%s".formatted(log));
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
