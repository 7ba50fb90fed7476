package io.espalier.bench.accuracy;

import io.espalier.bench.harness.Measurements;
import io.espalier.bench.harness.ProcessMemory;
import io.espalier.bench.harness.ProcessTime;
import io.espalier.configs.file.Json;
import io.espalier.trainer.replica.Replica.StepOutcome;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The turns of one run, each on disk before the checkpoint that ends it. A turn after the newest
 * checkpoint was interrupted, and is trained again. Not thread-safe.
 */
final class TurnLog {
  private static final String FILE = "turns.jsonl";

  private final Path file;
  private final List<Turn> turns = new ArrayList<>();

  private TurnLog(Path file) {
    this.file = file;
  }

  /** Opens a run's log with its turns up to {@code step}, a checkpoint's or 0. */
  static TurnLog upTo(long step, Path directory) throws IOException {
    TurnLog log = new TurnLog(directory.resolve(FILE));
    if (Files.exists(log.file)) {
      String text = Files.readString(log.file);
      for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
        Turn turn = Json.LENIENT.readValue(line, Turn.class);
        if (turn.step() <= step) {
          log.turns.add(turn);
        }
      }
      Files.delete(log.file);
    }
    for (Turn turn : log.turns) {
      log.write(turn);
    }
    return log;
  }

  static long count(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    return Files.exists(file) ? Files.readString(file).lines().count() : 0;
  }

  void add(Turn turn) throws IOException {
    write(turn);
    turns.add(turn);
  }

  List<Turn> turns() {
    return List.copyOf(turns);
  }

  private void write(Turn turn) throws IOException {
    byte[] line = (Json.LENIENT.writeValueAsString(turn) + "\n").getBytes(StandardCharsets.UTF_8);
    Files.write(
        file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.DSYNC);
  }

  /**
   * One turn of a run.
   *
   * @param step completed steps at its end
   * @param seconds processor time of the turn, as all times here
   * @param stepSeconds median of a step
   * @param peakBytes the most that the process ever had
   * @param slowestCutSeconds what the longest of them took, from the average to all trainers'
   *     answers
   */
  record Turn(
      long step,
      double seconds,
      double stepSeconds,
      long residentBytes,
      long peakBytes,
      int cuts,
      double slowestCutSeconds) {}

  /** Takes the processor times of one turn of a run. Confined to the run's thread. */
  static final class Clock implements LoopListener {
    private final List<Double> steps = new ArrayList<>();
    private long startNs;
    private long lastNs;
    private long cutNs;
    private int cuts;
    private double slowestCut;

    void start() {
      steps.clear();
      cuts = 0;
      slowestCut = 0;
      startNs = ProcessTime.now();
      lastNs = startNs;
    }

    @Override
    public void stepped(int trainer, StepOutcome outcome) {
      long now = ProcessTime.now();
      steps.add((now - lastNs) / 1e9);
      lastNs = now;
    }

    @Override
    public void synced(SyncOutcome outcome) {
      cutNs = ProcessTime.now();
    }

    @Override
    public void committed(SyncOutcome outcome, Traffic traffic) {
      lastNs = ProcessTime.now();
      if (outcome.cut().isPresent()) {
        cuts++;
        double seconds = outcome.cut().get().seconds() + (lastNs - cutNs) / 1e9;
        slowestCut = Math.max(slowestCut, seconds);
      }
    }

    TurnLog.Turn stop(long step) throws IOException {
      double seconds = (ProcessTime.now() - startNs) / 1e9;
      ProcessMemory memory = ProcessMemory.own();
      return new TurnLog.Turn(
          step,
          seconds,
          Measurements.of(steps).median(),
          memory.residentBytes(),
          memory.peakBytes(),
          cuts,
          slowestCut);
    }
  }
}
