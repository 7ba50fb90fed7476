package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.GranularityConfig.Channel.Scope;
import io.espalier.configs.GranularityConfig.CuttingConfig;
import io.espalier.configs.MaskConfig;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.Span;
import io.espalier.masks.annealing.Temperature.Shape;
import io.espalier.trainer.executor.engine.CountedArrays;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.Replica.StepOutcome;
import io.espalier.trainer.run.Kinds;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import io.espalier.trainer.sync.ChannelCut;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.SyncOutcome;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A trainer whose channels are cut goes on as one whose channels are masked. */
class CutStepTest {
  /** Long enough that some channels anneal while others are cut. */
  private static final MaskConfig ANNEALED = Kinds.annealed(0.5, Shape.COSINE, new Span.Steps(20));

  static List<Arguments> runs() {
    return List.of(
        Arguments.of(SampleRuns.MLP, SampleRuns.SGD, SampleRuns.HARD),
        Arguments.of(SampleRuns.MLP, SampleRuns.ADAM, SampleRuns.HARD),
        Arguments.of(SampleRuns.MLP, SampleRuns.ADAMW, SampleRuns.SOFT),
        Arguments.of(SampleRuns.MLP, SampleRuns.SGD, ANNEALED),
        Arguments.of(SampleRuns.RESNET, SampleRuns.SGD, SampleRuns.HARD),
        Arguments.of(SampleRuns.RESNET, SampleRuns.ADAM, ANNEALED),
        Arguments.of(SampleRuns.RESNET, SampleRuns.ADAM, SampleRuns.SOFT),
        Arguments.of(SampleRuns.BRANCHES, SampleRuns.NESTEROV, SampleRuns.HARD),
        Arguments.of(SampleRuns.GROUP_NORMS, SampleRuns.SGD, SampleRuns.HARD),
        Arguments.of(SampleRuns.GROUP_NORMS, SampleRuns.ADAM, SampleRuns.SOFT),
        Arguments.of(SampleRuns.GROUP_NORMS, SampleRuns.NESTEROV, ANNEALED),
        Arguments.of(SampleRuns.MOBILENET, SampleRuns.ADAMW, ANNEALED),
        Arguments.of(SampleRuns.MOBILENET, SampleRuns.SGD, SampleRuns.HARD),
        Arguments.of(SampleRuns.MOBILENET, SampleRuns.ADAM, SampleRuns.SOFT));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void step_afterACut_isThatOfTheMaskedNetwork(
      ModelConfig.Architecture model, OptimizerConfig optimizer, MaskConfig mask) {
    requireSameStep(Scope.ALL, model, optimizer, mask);
  }

  static List<Arguments> layers() {
    return List.of(
        Arguments.of(Scope.SUBLAYERS, SampleRuns.ADAM, SampleRuns.HARD),
        Arguments.of(Scope.SUBLAYERS, SampleRuns.SGD, SampleRuns.SOFT),
        Arguments.of(Scope.BLOCKS, SampleRuns.ADAMW, SampleRuns.HARD),
        Arguments.of(Scope.BLOCKS, SampleRuns.ADAM, ANNEALED));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void step_afterACutOfLayers_isThatOfTheMaskedNetwork(
      Scope scope, OptimizerConfig optimizer, MaskConfig mask) {
    requireSameStep(scope, SampleRuns.VISION, optimizer, mask);
  }

  private static void requireSameStep(
      Scope scope, ModelConfig.Architecture model, OptimizerConfig optimizer, MaskConfig mask) {
    // Given two runs that differ in nothing but that one cuts
    PreparedRun masking = run(scope, model, optimizer, mask, CuttingConfig.When.NEVER);
    PreparedRun cutting = run(scope, model, optimizer, mask, CuttingConfig.When.LIVE);
    Committer maskingCommitter = Committer.start(masking);
    Committer cuttingCommitter = Committer.start(cutting);
    CountedArrays arrays = new CountedArrays();
    try (Replica masked = Replica.of(masking, 0);
        Replica cut = Replica.of(cutting, 0, () -> {}, arrays)) {
      apply(masked, maskingCommitter.open());
      SyncOutcome outcome = apply(cut, cuttingCommitter.open());
      int before = arrays.owned();
      while (outcome.cut().isEmpty()) {
        before = arrays.owned();
        apply(masked, maskingCommitter.sync(List.of(trained(masked, masking))));
        outcome = apply(cut, cuttingCommitter.sync(List.of(trained(cut, cutting))));
      }
      PreparedRun smaller = outcome.committed().run();
      assertThat(arrays.owned()).isLessThanOrEqualTo(before + masking.prunable().size());
      requireSame(masked, masking, cut, smaller, 0);

      // When each takes a step
      StepOutcome maskedStep = masked.step();
      StepOutcome cutStep = cut.step();

      // Then losses, weights, norms and moments are the same but for the order of sums
      assertThat(cutStep.loss()).isCloseTo(maskedStep.loss(), within(1e-5 * maskedStep.loss()));
      assertThat(cutStep.correct()).isEqualTo(maskedStep.correct());
      requireSame(masked, masking, cut, smaller, 2e-4f);
    }
  }

  /** Every array of the smaller network, against that part of the masked one. */
  private static void requireSame(
      Replica masked, PreparedRun whole, Replica cut, PreparedRun smaller, float tolerance) {
    TrainingState expected = new TrainingState(smaller.stateLayout());
    new ChannelCut(whole, smaller).copy(masked.state(), expected);
    for (int i = 0; i < smaller.stateLayout().entries().size(); i++) {
      StateLayout.Entry entry = smaller.stateLayout().entries().get(i);
      for (int slot = 0; slot < entry.slots(); slot++) {
        float[] values = expected.values(i, slot);
        assertThat(values(cut.state(), i, slot))
            .as(entry.id() + " slot " + slot)
            .containsExactly(values, within(tolerance * largest(values)));
      }
    }
  }

  private static float[] values(StateAccess state, int entry, int slot) {
    FloatBuffer view = state.array(entry, slot);
    float[] values = new float[view.remaining()];
    view.get(values);
    return values;
  }

  private static float largest(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static SyncOutcome apply(Replica replica, SyncOutcome outcome) {
    replica.apply(outcome.commit(), outcome.payload());
    return outcome;
  }

  private static ByteBuffer trained(Replica replica, PreparedRun run) {
    long until = run.plan().nextSync(replica.completedSteps());
    while (replica.completedSteps() < until) {
      replica.step();
    }
    return replica.packedState();
  }

  private static PreparedRun run(
      Scope scope,
      ModelConfig.Architecture model,
      OptimizerConfig optimizer,
      MaskConfig mask,
      CuttingConfig.When when) {
    CuttingConfig cutting = new CuttingConfig(when, new Span.Steps(10));
    return SampleRuns.prepare(
        SampleRuns.of(SampleRuns.channels(model, optimizer, mask, cutting, 1, 4), scope));
  }
}
