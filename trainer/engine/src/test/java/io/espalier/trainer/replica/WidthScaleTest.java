package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.federated.NarrowNetwork;
import io.espalier.trainer.federated.NestedNetworks;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.prepare.InitialValues;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.LocalReplica.Course;
import io.espalier.trainer.replica.LocalReplica.Trained;
import io.espalier.trainer.state.TrainingState;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A narrow network against the whole one whose channels are copies of its own. */
final class WidthScaleTest {
  private static final String RECIPE =
      """
      name = scaled, seed = 5
      data { kind = digits, batch-size = 20 }
      model { kind = layers, layers = [
        { kind = convolution, outputs = 8, kernel = 3, padding = 1 }, NORM, relu
        { kind = convolution, outputs = 16, kernel = 3, padding = 1 }, NORM, relu
        { kind = max-pool, kernel = 2 }, flatten
        { kind = linear, outputs = 32 }, relu, { kind = linear, outputs = classes } ] }
      train { optimizer { kind = sgd, momentum = 0.9, weight-decay = 1e-3 } }
      prune.sparsity = 0
      federation { kind = fedavg, rounds = 3, widths = [100%, 50%, 25%] }
      """;

  private record Outcome(Trained trained, List<float[]> values) {}

  @ParameterizedTest
  @ValueSource(strings = {"batch-norm", "{ kind = group-norm, groups = 4 }", "relu"})
  void scaledNetwork_ofAQuarter_learnsWhatTheWholeOfItsCopiesLearns(String norm) {
    String recipe = RECIPE.replace("NORM", norm) + "federation.scaler = true";
    NestedNetworks networks = networks(recipe);
    NarrowNetwork quarter = networks.narrowest();

    Outcome narrow = trained(quarter, initial(quarter));
    Outcome whole = trained(networks.whole(), copies(networks, initial(quarter)));

    assertThat(narrow.trained().loss()).isCloseTo(whole.trained().loss(), within(1e-4));
    List<float[]> slice = sliceOf(quarter, whole.values());
    for (int p = 0; p < slice.size(); p++) {
      assertThat(narrow.values().get(p)).containsExactly(slice.get(p), within(1e-4f));
    }
  }

  @Test
  void unscaledNetwork_ofAQuarter_learnsSomethingElse() {
    NestedNetworks networks = networks(RECIPE.replace("NORM", "relu"));
    NarrowNetwork quarter = networks.narrowest();

    Outcome narrow = trained(quarter, initial(quarter));
    Outcome whole = trained(networks.whole(), copies(networks, initial(quarter)));

    assertThat(Math.abs(narrow.trained().loss() - whole.trained().loss())).isGreaterThan(1e-2);
  }

  /** The whole network has no scale: the key leaves its bits as they are. */
  @Test
  void wholeNetwork_withTheKey_hasTheBitsOfOneWithout() {
    String recipe = RECIPE.replace("NORM", "batch-norm");
    NestedNetworks plain = networks(recipe);
    NestedNetworks scaled = networks(recipe + "federation.scaler = true");

    Outcome one = trained(plain.whole(), initial(plain.whole()));
    Outcome other = trained(scaled.whole(), initial(scaled.whole()));

    for (int p = 0; p < one.values().size(); p++) {
      assertThat(other.values().get(p)).isEqualTo(one.values().get(p));
    }
  }

  private static NestedNetworks networks(String recipe) {
    return NestedNetworks.of(
        PreparedFederation.of(
            new RecipeLoader().parse("scaled", recipe, List.of()).config(),
            DataHome.of(Path.of("target"))));
  }

  private static List<float[]> initial(NarrowNetwork network) {
    PreparedRun run = network.federation().run();
    return InitialValues.of(run.config(), run.network());
  }

  /**
   * The whole network's values: those of the narrow one, channel after channel, again and again.
   */
  private static List<float[]> copies(NestedNetworks networks, List<float[]> narrow) {
    List<ParameterShape> whole = networks.whole().slice().layout().shapes();
    List<ParameterShape> part = networks.narrowest().slice().layout().shapes();
    List<float[]> values = new ArrayList<>();
    for (int p = 0; p < whole.size(); p++) {
      int outputs = part.get(p).dimensions().get(0);
      int perOutput = part.get(p).size() / outputs;
      int wholePerOutput = whole.get(p).size() / whole.get(p).dimensions().get(0);
      float[] source = narrow.get(p);
      float[] copied = new float[whole.get(p).size()];
      for (int i = 0; i < copied.length; i++) {
        int output = i / wholePerOutput % outputs;
        copied[i] = source[output * perOutput + i % wholePerOutput % perOutput];
      }
      values.add(copied);
    }
    return values;
  }

  private static List<float[]> sliceOf(NarrowNetwork network, List<float[]> whole) {
    return IntStream.range(0, whole.size())
        .mapToObj(p -> network.slice().narrowed(p, whole.get(p)))
        .toList();
  }

  /** Loss and values after four steps. */
  private static Outcome trained(NarrowNetwork network, List<float[]> values) {
    PreparedRun run = network.federation().run();
    TrainingState state = new TrainingState(network.federation().values().stateLayout());
    IntStream.range(0, values.size()).forEach(i -> state.array(i, 0).put(values.get(i)));
    try (LocalReplica replica = LocalReplica.of(run, () -> {})) {
      replica.load(state, MaskSet.dense(run.layout(), run.prunableIds()), Execution.ENGINE);
      int[] shard = IntStream.range(0, 40).toArray();
      Trained trained = replica.train(new EpochBatches(run, shard, 1), new Course(0, 2, .05, 0));
      List<float[]> after = new ArrayList<>();
      for (int p = 0; p < values.size(); p++) {
        FloatBuffer array = replica.state().array(p, 0);
        float[] copy = new float[array.remaining()];
        array.get(copy);
        after.add(copy);
      }
      return new Outcome(trained, after);
    }
  }
}
