package io.espalier.bench.shrink;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.espalier.cli.console.ChildCommand;
import io.espalier.cli.console.CommandRefusedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The process of one run, which works when it is told to. Not thread-safe. */
final class ShrinkProcess implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final ShrinkTrial trial;
  private final Path log;
  private final Process process;
  private final BufferedReader answers;
  private final PrintStream orders;
  private long turns;

  private ShrinkProcess(ShrinkTrial trial, Path log, long turns, Process process) {
    this.trial = trial;
    this.turns = turns;
    this.log = log;
    this.process = process;
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /** Starts the process; it goes on from what its directory holds. */
  static ShrinkProcess start(ShrinkTrial trial, Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve(ShrinkWorker.RECIPE), trial.recipe().text());
    List<String> command =
        new ArrayList<>(ChildCommand.command(List.of(), ShrinkWorker.class.getName()));
    command.add(directory.toString());
    Path log = directory.resolve("log.txt");
    return new ShrinkProcess(
        trial,
        log,
        TurnLog.count(directory),
        new ProcessBuilder(command).redirectError(log.toFile()).start());
  }

  ShrinkTrial trial() {
    return trial;
  }

  /** Turns that are behind it. */
  long turns() {
    return turns;
  }

  /** Lets it work for one turn; present if that was its last. */
  Optional<ShrinkOutcome> turn() throws IOException {
    orders.println("go");
    String answer = answers.readLine();
    if (answer == null) {
      throw new CommandRefusedException(
          "a run must reach its end to tell anything: run=%s, log=%s".formatted(trial.key(), log));
    }
    turns++;
    return answer.startsWith(ShrinkWorker.RESULT)
        ? Optional.of(
            JSON.readValue(answer.substring(ShrinkWorker.RESULT.length()), ShrinkOutcome.class))
        : Optional.empty();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
