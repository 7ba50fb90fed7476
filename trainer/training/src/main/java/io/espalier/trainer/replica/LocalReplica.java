package io.espalier.trainer.replica;

import io.espalier.configs.fault.ResourceStack;
import io.espalier.masks.MaskSet;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.executor.Executor;
import io.espalier.trainer.executor.Executor.GradientReader;
import io.espalier.trainer.executor.ExecutorContext;
import io.espalier.trainer.executor.Executors;
import io.espalier.trainer.objective.Objective;
import io.espalier.trainer.objective.Objectives;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.StateCodec;
import io.espalier.trainer.step.ProximalPull;
import io.espalier.trainer.step.StepRule;
import io.espalier.trainer.stored.StoredTeacher;
import io.espalier.trainer.sync.EvaluationPart;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A network that a federation's clients share in turn; no use affects the next. Pruned weights are
 * exactly 0. An executor is opened when it is first used. Calls come from one thread at a time.
 */
public final class LocalReplica implements AutoCloseable {
  private final ResourceStack opened;
  private final PreparedRun run;
  private final ExecutorContext context;
  private final Map<Execution, Executor> executors = new EnumMap<>(Execution.class);
  private final Inference inference;
  private final Runnable progress;
  private Execution execution = Execution.ENGINE;

  /** One round's training; {@code proximal} as in FedProx (Li et al., 2020). */
  public record Course(long firstEpoch, int epochs, double rate, double proximal) {}

  public record Trained(long steps, double loss) {}

  private LocalReplica(ResourceStack opened, PreparedRun run, Runnable progress) {
    this.opened = opened;
    this.run = run;
    this.progress = progress;
    Objective objective =
        Objectives.of(
            run.config().train(), run.dataset().classes(), StoredTeacher.of(run.dataset()));
    opened.add(objective::close);
    context = new ExecutorContext(0, objective, progress);
    inference = new Inference(run.network(), objective, this::logits);
  }

  public static LocalReplica of(PreparedRun run, Runnable progress) {
    return ResourceStack.open(opened -> new LocalReplica(opened, run, progress));
  }

  private Executor executor() {
    return executors.computeIfAbsent(execution, this::opened);
  }

  private Executor opened(Execution by) {
    Executor executor = Executors.of(by).create(run, run.denseMasks(), context);
    opened.add(executor::close);
    return executor;
  }

  private float[] logits(Batch batch) {
    progress.run();
    return executor().logits(batch);
  }

  /**
   * Loads values and masks, to compute with from now on; pruned weights and all moments become 0.
   */
  public void load(StateAccess values, MaskSet maskSet, Execution by) {
    execution = by;
    executor().use(run.masks(maskSet, 0));
    new StateCodec(run.stateLayout())
        .copyValues(values, executor().masks().livingAt(0), executor());
  }

  public StateAccess state() {
    return executor();
  }

  public Trained train(EpochBatches batches, Course course) {
    List<StepRule> rules = rules(course);
    long round = course.firstEpoch() / Math.max(1, course.epochs());
    long steps = 0;
    double losses = 0;
    for (int epoch = 0; epoch < course.epochs(); epoch++) {
      for (int index = 0; index < batches.perEpoch(); index++) {
        Batch batch = batches.load(course.firstEpoch() + epoch, index);
        Executor.At at = new Executor.At(steps, round, course.rate());
        losses += executor().train(batch, at, rules).loss();
        steps++;
        progress.run();
      }
    }
    return new Trained(steps, losses / steps);
  }

  /** The pull comes first; a factor of 0 costs nothing. */
  private List<StepRule> rules(Course course) {
    List<StepRule> rules = new ArrayList<>();
    if (course.proximal() != 0) {
      rules.add(
          new ProximalPull(
              course.proximal(),
              IntStream.range(0, run.network().parameters().size())
                  .mapToObj(this::weight)
                  .toList()));
    }
    rules.addAll(run.stepRules());
    return rules;
  }

  private float[] weight(int parameter) {
    float[] values = new float[run.network().parameters().get(parameter).shape().size()];
    executor().read(parameter, 0, 0, FloatBuffer.wrap(values));
    return values;
  }

  /** Recomputes norm statistics as exact means over all whole batches. */
  public void gatherNorms(EpochBatches batches) {
    for (int k = 0; k < batches.fixedCount(); k++) {
      executor().gatherNorms(batches.loadFixed(k), k);
      progress.run();
    }
  }

  /** Shows gradients of one pass, those of pruned weights included. */
  public void gradients(
      EpochBatches batches, long epoch, List<Integer> parameters, GradientReader reader) {
    Batch batch = batches.load(epoch, 0);
    executor().gradients(batch.part(0, run.config().data().batchSize()), parameters, reader);
  }

  public EvaluationPart evaluate(Examples examples, int[] indices) {
    return inference.evaluate(examples, indices, 0, 1);
  }

  @Override
  public void close() {
    opened.close();
  }
}
