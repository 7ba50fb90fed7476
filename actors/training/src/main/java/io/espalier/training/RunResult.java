package io.espalier.training;

import akka.actor.NoSerializationVerificationNeeded;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.espalier.configs.file.ShellWord;
import io.espalier.trainer.run.FinishedRun;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How an attempt at a run ended. Checkpoints that it wrote before stay intact. As JSON it is the
 * last line of a worker: fields may be added, but no name may change.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RunResult.Finished.class, name = "finished"),
  @JsonSubTypes.Type(value = RunResult.Paused.class, name = "paused"),
  @JsonSubTypes.Type(value = RunResult.Cancelled.class, name = "cancelled"),
  @JsonSubTypes.Type(value = RunResult.Fenced.class, name = "fenced"),
  @JsonSubTypes.Type(value = RunResult.NodeLost.class, name = "node-lost"),
  @JsonSubTypes.Type(value = RunResult.Interrupted.class, name = "interrupted"),
  @JsonSubTypes.Type(value = RunResult.Crashed.class, name = "crashed"),
  @JsonSubTypes.Type(value = RunResult.Failed.class, name = "failed")
})
public sealed interface RunResult extends NoSerializationVerificationNeeded {
  /**
   * Trained to the end and evaluated.
   *
   * @param step completed steps, or rounds of a federation
   * @param accuracy on the test set
   * @param bitsPerCharacter there, where the next token of a text is learned
   * @param model absent where only the summary of an earlier attempt was read, and in JSON
   * @param leftToShip why some telemetry was not shipped
   */
  record Finished(
      long step,
      double accuracy,
      OptionalDouble bitsPerCharacter,
      double sparsity,
      @JsonIgnore Optional<FinishedRun> model,
      Optional<String> leftToShip)
      implements RunResult {
    public Finished {
      model = model == null ? Optional.empty() : model;
    }

    public static Finished of(FinishedRun run) {
      return new Finished(
          run.committed().step(),
          run.test().accuracy(),
          run.committed().run().dataset().metric().bits(run.test().loss()),
          run.committed().masks().masks().sparsity(),
          Optional.of(run),
          Optional.empty());
    }

    public Finished leftToShip(Optional<String> why) {
      return new Finished(step, accuracy, bitsPerCharacter, sparsity, model, why);
    }

    public static Finished recorded(long step, double accuracy, double sparsity) {
      return recorded(step, accuracy, OptionalDouble.empty(), sparsity);
    }

    public static Finished recorded(
        long step, double accuracy, OptionalDouble bitsPerCharacter, double sparsity) {
      return new Finished(
          step, accuracy, bitsPerCharacter, sparsity, Optional.empty(), Optional.empty());
    }

    /**
     * The model of this process.
     *
     * @throws java.util.NoSuchElementException if an earlier attempt finished the run
     */
    public FinishedRun run() {
      return model.orElseThrow();
    }
  }

  /** Paused on request; the checkpoint of {@code step} is written, if that is not 0. */
  record Paused(long step) implements RunResult {}

  /** Ended on request after {@code step} committed steps, without a checkpoint of them. */
  record Cancelled(long step) implements RunResult {}

  /** The run epoch of term {@code by} has begun: nothing more of this one counts. */
  record Fenced(long by) implements RunResult {
    public String message(Path directory, String command) {
      return "only the attempt of the latest term may go on with a run: directory=%s, latest term=%d; let that attempt end, then go on with %s %s"
          .formatted(directory, by, command, ShellWord.of(directory));
    }
  }

  /** Interrupted, as a node that trained is gone; the next attempt may begin at once. */
  record NodeLost(long step, String cause) implements RunResult {}

  /** Ended from outside at once, such as by a service that stops: the newest checkpoint stands. */
  record Interrupted(long step, String cause) implements RunResult {}

  /**
   * The attempt's own process ended before it had a result; the next attempt begins after a wait.
   */
  record Crashed(long step, String cause) implements RunResult {}

  /**
   * Ended by an error after {@code step} committed steps.
   *
   * @param diverged whether a value was not finite: the same run would fail there again
   */
  record Failed(long step, String cause, boolean diverged) implements RunResult {
    public Failed(long step, String cause) {
      this(step, cause, false);
    }
  }
}
