package io.espalier.trainer.sync;

import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.network.Macs;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.step.StepRule;
import java.util.stream.IntStream;

/** Multiply-adds of the forward passes that steps take, all trainers together. */
public final class ForwardMacs {
  private ForwardMacs() {}

  /** Returns the multiply-adds of the steps from a committed state to the sync at {@code step}. */
  static long until(long step, Committed from) {
    PreparedRun run = from.run();
    Macs macs = Macs.of(run.network(), from.masks().masks());
    boolean onKept = run.execution(from.step()) == Execution.JAVA && from.masks().stepsOnKept();
    long each = onKept ? macs.effective() : macs.executed();
    return (step - from.step()) * passedPerStep(run) * each;
  }

  /** Returns the multiply-adds of steps of the engine on the run's network. */
  public static long ofEngine(long steps, PreparedRun run) {
    return steps * passedPerStep(run) * run.network().macs();
  }

  /** Examples that pass through the network in a step. */
  private static long passedPerStep(PreparedRun run) {
    int batch = run.config().stepExamples();
    int trainers = run.config().train().trainers();
    long examples =
        run.streams()
            ? (long) batch * trainers
            : IntStream.range(0, trainers)
                .mapToLong(trainer -> Math.min(batch, run.splits().shard(trainer).length))
                .sum();
    return examples * run.stepRules().stream().mapToInt(StepRule::passes).max().orElse(1);
  }
}
