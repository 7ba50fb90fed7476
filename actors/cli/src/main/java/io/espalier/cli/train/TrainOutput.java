package io.espalier.cli.train;

import io.espalier.cli.console.Progress;
import io.espalier.telemetry.event.Event;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.training.RunResult;
import io.espalier.training.run.RunBranch;
import io.espalier.training.run.RunDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What {@code train} says of a run, to people or to programs. Thread-safe. */
interface TrainOutput extends Consumer<Event> {
  /** The run as prepared; {@code directory} is where it writes. */
  void planned(PreparedRun run, Path directory);

  /** Shows a run that is only checked. */
  void rehearsed(PreparedRun run, Path directory);

  /** A new run goes on from a state of another. */
  void branched(RunBranch branch);

  /** A run goes on in its directory, from the start without a checkpoint. */
  void resumed(PreparedRun run, Optional<Path> checkpoint, long step);

  /** Events follow from here on. */
  void started(Progress progress);

  void notice(String place);

  void warning(String warning);

  /** Ctrl-C was taken. */
  void stopping();

  void ended(Ending ending);

  /**
   * How a run ended.
   *
   * @param broker that has all events, if one has
   * @param advice what a user can do where the run did not finish, a line each
   */
  record Ending(
      RunResult result,
      RunDirectory directory,
      Optional<String> broker,
      List<String> advice,
      int exitCode) {
    public Ending {
      advice = List.copyOf(advice);
    }
  }
}
