package io.espalier.trainer.replica;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.espalier.configs.ExecutionConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.file.Json;
import io.espalier.masks.ParameterId;
import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.trainer.execution.BackEnds;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.prepare.RunExecution;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Where a run of {@code train.execution = auto} goes over to plain Java: at its start, or at the
 * update of its plan from which the rest of the run takes least time; never if the engine takes
 * less for all of it. Recorded with the run, which resumes by it on any machine.
 *
 * @param times that were measured; empty where one way alone can compute the run
 * @param sparseFrom the step; empty if never
 */
public record ExecutionDecision(
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<StepTimes> times,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Long> sparseFrom) {
  /** Its name in a run's directory. */
  public static final String FILE = "execution.json";

  private static final ExecutionDecision ENGINE =
      new ExecutionDecision(Optional.empty(), Optional.empty());

  /** Share of the engine's time below which a change in the course of a run is worth it. */
  private static final double WORTH = 0.95;

  /**
   * Measures on this machine for some seconds. Runs that plain Java cannot compute ({@link
   * RunExecution#inJava}) stay on the engine. Others are in plain Java from the start where there
   * is no engine, and nothing is measured.
   *
   * @param start step that the run begins or goes on at
   */
  public static ExecutionDecision measured(PreparedRun run, long start) {
    return decided(run, start, () -> StepTimes.measure(run));
  }

  /**
   * As {@link #measured(PreparedRun, long)}, but takes the times that {@code kept} has of such
   * steps on this machine, and keeps there what it measures.
   *
   * @param kept a directory, which is made when it is needed; empty to keep nothing
   */
  public static ExecutionDecision measured(PreparedRun run, long start, Optional<Path> kept) {
    if (kept.isEmpty()) {
      return measured(run, start);
    }
    KeptStepTimes times = new KeptStepTimes(kept.get());
    return decided(run, start, () -> times.of(run, () -> StepTimes.measure(run)));
  }

  private static ExecutionDecision decided(
      PreparedRun run, long start, Supplier<StepTimes> measured) {
    if (!RunExecution.inJava(run)) {
      return ENGINE;
    }
    return BackEnds.problem(Execution.ENGINE).isPresent()
        ? new ExecutionDecision(Optional.empty(), Optional.of(start))
        : of(run, measured.get(), start);
  }

  /**
   * Requires that the class path has what computes a run that begins here.
   *
   * @throws InvalidConfigException if it lacks that
   */
  public static PreparedRun requireBackEnds(PreparedRun run) {
    boolean decides = run.config().train().compute().execution() == ExecutionConfig.AUTO;
    if (BackEnds.problem(Execution.ENGINE).isPresent()) {
      (decides ? measured(run, 0).of(run) : run).requireBackEnds(0);
    }
    return run;
  }

  static ExecutionDecision of(PreparedRun run, StepTimes times, long start) {
    double engine = 0;
    double java = 0;
    double most = 0;
    Optional<Long> from = Optional.empty();
    List<Stretch> stretches = stretches(run, start);
    for (int i = stretches.size() - 1; i >= 0; i--) {
      Stretch each = stretches.get(i);
      long macs = macs(run, each.density());
      java += each.steps() * times.java(macs, each.density() == 1);
      engine += each.steps() * times.engine();
      double saved = (each.from() == start ? 1 : WORTH) * engine - java;
      if (saved >= most) {
        most = saved;
        from = Optional.of(each.from());
      }
    }
    return new ExecutionDecision(Optional.of(times), from);
  }

  /** Steps between two updates of the plan. */
  private record Stretch(long from, long steps, double density) {}

  /** What is left of a run, in order. */
  private static List<Stretch> stretches(PreparedRun run, long start) {
    List<PlannedUpdate> updates = new ArrayList<>(run.plan().updates());
    if (updates.stream().noneMatch(update -> update.step() == 0)) {
      updates.add(0, PlannedUpdate.of(0, 0, run.plan().prunable()));
    }
    List<Stretch> result = new ArrayList<>();
    for (int i = 0; i < updates.size(); i++) {
      long from = Math.max(start, updates.get(i).step());
      boolean isLast = i + 1 == updates.size();
      long to = isLast ? Math.max(run.plan().totalSteps(), from + 1) : updates.get(i + 1).step();
      double density =
          RunExecution.stepsOnKept(run)
              ? (double) updates.get(i).kept() / run.plan().prunable()
              : 1;
      if (to > from) {
        result.add(new Stretch(from, to - from, density));
      }
    }
    return result;
  }

  /**
   * Returns the multiply-adds of an example's forward pass where every prunable weight is as dense
   * as all together.
   */
  private static long macs(PreparedRun run, double density) {
    Network network = run.network();
    Set<ParameterId> prunable = Set.copyOf(run.prunableIds());
    return network.macsEffective(
        id -> {
          int size = network.parameter(id).orElseThrow().shape().size();
          return prunable.contains(id) ? Math.round(size * density) : size;
        });
  }

  public PreparedRun of(PreparedRun run) {
    return sparseFrom.map(run::sparseFrom).orElse(run);
  }

  /** The content of its file. */
  public String json() {
    try {
      return Json.LENIENT.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a decision must be plain values: " + this, e);
    }
  }

  /** Reads {@link #json}; throws {@link InvalidConfigException} if it is damaged. */
  public static ExecutionDecision parse(String json) {
    try {
      return Json.LENIENT.readValue(json, ExecutionDecision.class);
    } catch (JsonProcessingException e) {
      throw InvalidConfigException.of(
          "train.execution",
          "must have a decision that can be read where it is auto: file=%s, cause=%s; restore the file, or delete it to decide anew"
              .formatted(FILE, e.getOriginalMessage()));
    }
  }
}
