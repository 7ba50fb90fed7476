package io.espalier.trainer.engine.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.BatchNorm;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Network;
import org.junit.jupiter.api.Test;

final class NormTest {
  private static Network norm() {
    Network.Builder graph = Network.builder(new ImageShape(1, 1, 1));
    graph.add("norm", new BatchNorm(Layer.EPSILON), Network.INPUT);
    return graph.build();
  }

  @Test
  void forward_normInTraining_usesBiasedVarianceAndStoresTheUnbiasedOne() {
    try (Probe probe = new Probe(norm(), 1)) {
      probe.set("norm.scale", 2);
      probe.set("norm.shift", 1);

      float[] output = probe.run(true, 4, 1, 2, 3, 6);

      float deviation = (float) Math.sqrt(3.5 + 1e-5);
      assertThat(output)
          .containsExactly(
              new float[] {-4 / deviation + 1, -2 / deviation + 1, 1, 6 / deviation + 1},
              within(1e-5f));
      assertThat(probe.value("norm.mean")).containsExactly(new float[] {0.3f}, within(1e-6f));
      assertThat(probe.value("norm.variance"))
          .containsExactly(new float[] {0.9f + 0.1f * 14 / 3}, within(1e-6f));
    }
  }

  @Test
  void forward_normInEvaluation_usesRunningStatisticsAndLeavesThem() {
    try (Probe probe = new Probe(norm(), 1)) {
      probe.set("norm.mean", 3);
      probe.set("norm.variance", 4);

      assertThat(probe.run(false, 2, 3, 5)).containsExactly(new float[] {0, 1}, within(1e-5f));
      assertThat(probe.value("norm.mean")).containsExactly(3);
      assertThat(probe.value("norm.variance")).containsExactly(4);
    }
  }

  @Test
  void useNormMomentum_cumulative_givesTheMeanOverPasses() {
    try (Probe probe = new Probe(norm(), 1)) {
      float[][] batches = {{1, 3}, {2, 6}, {0, 12}};
      for (int pass = 0; pass < batches.length; pass++) {
        probe.block().useNormMomentum((float) pass / (pass + 1));
        probe.run(true, 2, batches[pass]);
      }

      assertThat(probe.value("norm.mean")).containsExactly(new float[] {4}, within(1e-5f));
      assertThat(probe.value("norm.variance"))
          .containsExactly(new float[] {(2 + 8 + 72) / 3f}, within(1e-4f));
    }
  }

  @Test
  void useNormMomentum_outOfRange_isRefused() {
    NetworkBlock block = new NetworkBlock(norm());

    assertThatThrownBy(() -> block.useNormMomentum(Float.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("momentum=NaN");
  }

  @Test
  void parametersById_runningStatistics_needNoGradient() {
    try (Probe probe = new Probe(norm(), 1)) {
      assertThat(probe.block().parametersById().keySet())
          .extracting(ParameterId::name)
          .containsExactly("norm.scale", "norm.shift", "norm.mean", "norm.variance");
      assertThat(probe.array("norm.scale").hasGradient()).isTrue();
      assertThat(probe.array("norm.mean").hasGradient()).isFalse();
      assertThat(probe.block().parameter(new ParameterId("norm.mean")).requiresGradient())
          .isFalse();
    }
  }
}
