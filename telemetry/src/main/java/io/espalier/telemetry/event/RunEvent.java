package io.espalier.telemetry.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The lifecycle of a run. */
public sealed interface RunEvent extends Event {
  /**
   * A run begins its first attempt. {@code finalKept} counts units kept at the end of the schedule;
   * {@code tags} are empty where older versions wrote the event. {@code charactersPerToken} is how
   * many characters a token stands for, where the next token of a text is learned, so that losses
   * can be read as bits per character; empty elsewhere, and where older versions wrote the event.
   */
  record RunStarted(
      String recipeName,
      int attempt,
      int trainers,
      long totalSteps,
      long stepsPerEpoch,
      long prunable,
      long finalKept,
      double finalSparsity,
      List<String> tags,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalDouble charactersPerToken)
      implements RunEvent {
    public RunStarted {
      tags = tagsOf(tags);
    }

    /** A run that is read by its accuracy. */
    public RunStarted(
        String recipeName,
        int attempt,
        int trainers,
        long totalSteps,
        long stepsPerEpoch,
        long prunable,
        long finalKept,
        double finalSparsity,
        List<String> tags) {
      this(
          recipeName,
          attempt,
          trainers,
          totalSteps,
          stepsPerEpoch,
          prunable,
          finalKept,
          finalSparsity,
          tags,
          OptionalDouble.empty());
    }

    public RunStarted(
        String recipeName,
        int attempt,
        int trainers,
        long totalSteps,
        long stepsPerEpoch,
        long prunable,
        long finalKept,
        double finalSparsity) {
      this(
          recipeName,
          attempt,
          trainers,
          totalSteps,
          stepsPerEpoch,
          prunable,
          finalKept,
          finalSparsity,
          List.of());
    }
  }

  /**
   * A run resumes from a checkpoint, and earlier attempts' measurements after {@code fromStep} are
   * void. At 0 there is no checkpoint and all of them are void, step 0 included.
   */
  record RunResumed(int attempt, long fromStep) implements RunEvent {}

  /**
   * Trainers compute in another way from a sync on.
   *
   * @param step completed steps
   * @param execution {@code sparse}: with kept weights only
   */
  record ExecutionSwitched(long step, String execution) implements RunEvent {}

  /**
   * An attempt ended without a result and without an error; where the run may go on, it left a
   * checkpoint to resume from.
   *
   * @param state of the run from here on, as in {@link RunState}: {@link RunState#PAUSED}, {@link
   *     RunState#CANCELLED} or {@link RunState#QUEUED}; empty where older versions wrote the event
   */
  record RunStopped(
      int attempt,
      long step,
      String reason,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> state)
      implements RunEvent {
    /** The reason that older versions gave for a run that was cancelled. */
    private static final String OLDER_CANCEL = "cancelled";

    /** An event as older versions wrote it. */
    public RunStopped(int attempt, long step, String reason) {
      this(attempt, step, reason, Optional.empty());
    }

    /** The state of the run from here on, also where older versions wrote the event. */
    public String stateAfter() {
      return state.orElse(reason.equals(OLDER_CANCEL) ? RunState.CANCELLED : RunState.PAUSED);
    }
  }

  record RunFailed(int attempt, long step, String reason) implements RunEvent {}

  /**
   * A run ended with a result: accuracy from 0 to 1 and mean loss on the test set; {@code kept}
   * counts units of all prunable parameters.
   *
   * @param endedEarly why the run ended before the last step of its plan; empty if it did not
   * @param bitsPerCharacter as of {@link TrainingEvent.EvaluationCompleted}
   */
  record RunFinished(
      int attempt,
      long steps,
      double accuracy,
      double loss,
      long kept,
      double wallSeconds,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> endedEarly,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalDouble bitsPerCharacter)
      implements RunEvent {
    public RunFinished(
        int attempt, long steps, double accuracy, double loss, long kept, double wallSeconds) {
      this(
          attempt,
          steps,
          accuracy,
          loss,
          kept,
          wallSeconds,
          Optional.empty(),
          OptionalDouble.empty());
    }
  }

  /**
   * The latest known state of a run; only the newest one per run is promised to survive.
   *
   * @param state {@link #QUEUED}, {@link #RUNNING}, {@link #PAUSED}, {@link #CANCELLED}, {@link
   *     #FAILED} or {@link #FINISHED}; {@code stopped} where older versions wrote the event of a
   *     run that was paused or cancelled
   * @param sparsity pruned share of the prunable units, from 0 to 1
   * @param accuracy of the newest evaluation, from 0 to 1
   * @param tags of the recipe; empty where older versions wrote the event
   * @param macs multiply-accumulates for one example that the network now executes; empty where
   *     older versions wrote the event
   * @param macsDense those of the whole network; empty where older versions wrote the event
   * @param bitsPerCharacter of the newest evaluation, as of {@link
   *     TrainingEvent.EvaluationCompleted}
   */
  record RunState(
      String state,
      String recipeName,
      int attempt,
      long step,
      long totalSteps,
      double sparsity,
      OptionalDouble accuracy,
      List<String> tags,
      OptionalLong macs,
      OptionalLong macsDense,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalDouble bitsPerCharacter)
      implements RunEvent {
    public static final String QUEUED = "queued";
    public static final String RUNNING = "running";
    public static final String PAUSED = "paused";
    public static final String CANCELLED = "cancelled";
    public static final String FAILED = "failed";
    public static final String FINISHED = "finished";
    private static final String OLDER_STOP = "stopped";

    public RunState {
      tags = tagsOf(tags);
    }

    /** The state in the words of this version: a run that has stopped may be resumed. */
    public String word() {
      return state.equals(OLDER_STOP) ? PAUSED : state;
    }

    public RunState(
        String state,
        String recipeName,
        int attempt,
        long step,
        long totalSteps,
        double sparsity,
        OptionalDouble accuracy,
        List<String> tags) {
      this(
          state,
          recipeName,
          attempt,
          step,
          totalSteps,
          sparsity,
          accuracy,
          tags,
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalDouble.empty());
    }
  }

  /**
   * The origin of an attempt's numbers; the first event of each attempt.
   *
   * @param libraries version by library name
   * @param dataDigest digest of the data as read, {@code algorithm:hex}
   * @param layoutDigest digest of the network's layout
   * @param recipe the resolved recipe, as HOCON
   * @param parent the run whose checkpoint this one goes on from; empty where older versions wrote
   *     the event
   * @param processor name of the processor; empty where older versions wrote the event
   * @param capability the instructions that the engine computes with; empty where older versions
   *     wrote the event
   */
  record Provenance(
      String version,
      String javaVersion,
      String os,
      int processors,
      Map<String, String> libraries,
      long seed,
      int trainers,
      int threadsPerTrainer,
      String dataName,
      String dataDigest,
      String layoutDigest,
      String recipe,
      Optional<ParentRun> parent,
      Optional<String> processor,
      Optional<String> capability)
      implements RunEvent {
    public Provenance {
      libraries = new TreeMap<>(libraries);
      libraries = Collections.unmodifiableMap(libraries);
    }

    /** As older versions wrote it. */
    public Provenance(
        String version,
        String javaVersion,
        String os,
        int processors,
        Map<String, String> libraries,
        long seed,
        int trainers,
        int threadsPerTrainer,
        String dataName,
        String dataDigest,
        String layoutDigest,
        String recipe,
        Optional<ParentRun> parent) {
      this(
          version,
          javaVersion,
          os,
          processors,
          libraries,
          seed,
          trainers,
          threadsPerTrainer,
          dataName,
          dataDigest,
          layoutDigest,
          recipe,
          parent,
          Optional.empty(),
          Optional.empty());
    }
  }

  /**
   * The run that another goes on from.
   *
   * @param run its id
   * @param step completed steps of its checkpoint; 0 if it had none
   * @param changes settings that differ from it, as {@code key = value}
   */
  record ParentRun(String run, long step, List<String> changes) {
    public ParentRun {
      changes = List.copyOf(changes);
    }
  }

  /** All parameters of the dense network, in layout order. */
  record ParametersDescribed(List<ParameterInfo> parameters) implements RunEvent {
    public ParametersDescribed {
      parameters = List.copyOf(parameters);
    }
  }

  /**
   * One parameter of the dense network: row-major shape, units of pruning (elements if not
   * prunable), and multiply-accumulates for one example.
   */
  record ParameterInfo(String name, List<Long> shape, long units, boolean prunable, long macs) {
    public ParameterInfo {
      shape = List.copyOf(shape);
    }
  }

  private static List<String> tagsOf(@Nullable List<String> tags) {
    return tags == null ? List.of() : List.copyOf(tags);
  }
}
