package io.espalier.bench.accuracy;


import io.espalier.configs.file.Json;
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

  /**
   * Opens the log of a run with its turns up to a checkpoint.
   *
   * @param step of the checkpoint; 0 if there is none
   */
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
   * What a run did before it was another one's turn.
   *
   * @param step completed steps at its end
   * @param seconds that it took
   * @param stepSeconds median time of a step
   * @param residentBytes memory of the process at its end
   * @param peakBytes the most that the process ever had
   * @param cuts that fell into it
   * @param slowestCutSeconds what the longest of them took, from the average to all trainers' answers
   */
  record Turn(
      long step,
      double seconds,
      double stepSeconds,
      long residentBytes,
      long peakBytes,
      int cuts,
      double slowestCutSeconds) {}
}
