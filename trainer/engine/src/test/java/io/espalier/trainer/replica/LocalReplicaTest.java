package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.MaskSet;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.prepare.InitialValues;
import io.espalier.trainer.replica.LocalReplica.Course;
import io.espalier.trainer.state.TrainingState;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LocalReplicaTest {
  private static final double RATE = 0.1;

  private final RunConfig config =
      new RecipeLoader()
          .parse(
              "local",
              """
              name = local, seed = 3
              data { kind = digits, batch-size = 10 }
              model { kind = mlp, hidden = [8] }
              train { optimizer { kind = sgd, momentum = 0, weight-decay = 0 } }
              prune { sparsity = 0 }
              federation { kind = fedavg, rounds = 3 }
              """,
              List.of())
          .config();
  private final PreparedFederation federation =
      PreparedFederation.of(config, DataHome.of(Path.of("target")));
  private final MaskSet dense =
      MaskSet.dense(federation.run().layout(), federation.run().prunableIds());

  /** Of two plain steps the first is not pulled, the second by rate · μ · what the first moved. */
  @Test
  void train_proximal_pullsBackByTheDistanceFromTheStart() {
    try (LocalReplica replica = LocalReplica.of(federation.run(), () -> {})) {
      float[] start = weights(replica, 0, 0);
      float[] one = weights(replica, 1, 0);
      float[] two = weights(replica, 2, 0);
      float[] pulled = weights(replica, 2, 4);

      for (int unit = 0; unit < start.length; unit++) {
        double expected = two[unit] - RATE * 4 * (one[unit] - start[unit]);
        assertThat((double) pulled[unit]).isCloseTo(expected, within(1e-6));
      }
      assertThat(pulled).isNotEqualTo(two);
    }
  }

  @Test
  void load_afterOtherWork_leavesNoTraceOfIt() {
    try (LocalReplica replica = LocalReplica.of(federation.run(), () -> {});
        LocalReplica fresh = LocalReplica.of(federation.run(), () -> {})) {
      weights(replica, 3, 1);

      assertThat(weights(replica, 2, 0)).isEqualTo(weights(fresh, 2, 0));
    }
  }

  /** The first layer after so many steps, each an epoch of one batch. */
  private float[] weights(LocalReplica replica, int steps, double proximal) {
    TrainingState initial = new TrainingState(federation.values().stateLayout());
    List<float[]> values = InitialValues.of(config, federation.run().network());
    IntStream.range(0, values.size()).forEach(i -> initial.array(i, 0).put(values.get(i)));
    replica.load(initial, dense, Execution.ENGINE);
    int[] shard = IntStream.range(0, 10).toArray();
    if (steps > 0) {
      replica.train(
          new EpochBatches(federation.run(), shard, 1), new Course(0, steps, RATE, proximal));
    }
    FloatBuffer array = replica.state().array(0, 0);
    float[] copy = new float[array.remaining()];
    array.get(copy);
    return copy;
  }
}
