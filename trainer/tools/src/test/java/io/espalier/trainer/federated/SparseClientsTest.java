package io.espalier.trainer.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.InvalidConfigException;
import io.espalier.masks.Mask;
import io.espalier.masks.federated.GradientProposal;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.federated.ClientResult.LossesMeasured;
import io.espalier.trainer.federated.ClientResult.NormsMeasured;
import io.espalier.trainer.federated.ClientResult.Trained;
import io.espalier.trainer.federated.RoundMerge.Contribution;
import io.espalier.trainer.federated.RoundWork.Kind;
import io.espalier.trainer.state.StateLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that compute with kept weights only do the work of those on the engine. */
final class SparseClientsTest {
  private static final String SPARSE = "train.execution = java\n";
  private static final String FEDAVG =
      """
      prune { sparsity = 90%, schedule { kind = constant } }
      federation { kind = fedavg, rounds = 4, server-examples = 100, server-epochs = 2 }
      """;
  private static final String FEDTINY =
      """
      prune.sparsity = 80%
      federation { kind = fedtiny, rounds = 5, candidates = 3, adjust-every = 1, adjust-until = 4
                   blocks = 3, server-examples = 100, server-epochs = 2 }
      """;

  /**
   * A client takes a single step, over all of its examples. No filter is pruned whole: the norm
   * behind it would enlarge the engine's rounding.
   */
  private static final String ONE_STEP =
      "data.batch-size = 1000, federation.local-epochs = 1, prune.sparsity = 60%\n";

  /** The engine adds a channel's thousands of values in 32 bits. */
  private static final double ENGINE_SUM = 1e-3;

  @Test
  void work_ofOneStep_isThatOfTheEngine() {
    List<Double> caps = Collections.nCopies(8, 1.0);
    try (SampleFederation engine = new SampleFederation(FEDTINY + ONE_STEP, caps);
        SampleFederation sparse = new SampleFederation(FEDTINY + ONE_STEP + SPARSE, caps)) {
      List<Kind> kinds = new ArrayList<>();
      while (kinds.size() < 3) {
        kinds.add(engine.course.next().orElseThrow().kind());
        Contribution expected = engine.contribution(1);
        Contribution found = sparse.contribution(1);

        assertThat(found.holds()).isEqualTo(expected.holds());
        assertAlike(sparse, found, expected);

        engine.round();
        sparse.course.merge(
            IntStream.range(0, engine.clients.size()).mapToObj(sparse::contribution).toList());
      }
      assertThat(kinds)
          .containsExactly(Kind.MEASURE_NORMS, Kind.MEASURE_LOSSES, Kind.TRAIN_AND_PROPOSE);
    }
  }

  private static void assertAlike(
      SampleFederation federation, Contribution found, Contribution expected) {
    if (found.result() instanceof NormsMeasured norms) {
      List<List<float[]>> others = ((NormsMeasured) expected.result()).norms();
      for (int candidate = 0; candidate < others.size(); candidate++) {
        for (int entry = 0; entry < others.get(candidate).size(); entry++) {
          assertClose(
              norms.norms().get(candidate).get(entry),
              others.get(candidate).get(entry),
              ENGINE_SUM);
        }
      }
    } else if (found.result() instanceof LossesMeasured losses) {
      List<Double> others = ((LossesMeasured) expected.result()).losses();
      for (int candidate = 0; candidate < others.size(); candidate++) {
        assertThat(losses.losses().get(candidate))
            .isCloseTo(others.get(candidate), within(1e-4 * others.get(candidate)));
      }
    } else {
      assertAlike(federation, (Trained) found.result(), (Trained) expected.result());
    }
  }

  private static void assertAlike(SampleFederation federation, Trained found, Trained expected) {
    assertThat(found.steps()).isEqualTo(expected.steps()).isEqualTo(1);
    assertThat(found.loss()).isCloseTo(expected.loss(), within(1e-5 * expected.loss()));
    List<StateLayout.Entry> entries = federation.federation.values().stateLayout().entries();
    for (int i = 0; i < entries.size(); i++) {
      float[] start = federation.course.model().state().values(i, 0);
      assertClose(
          plus(start, found.changes().get(i)), plus(start, expected.changes().get(i)), ENGINE_SUM);
    }
    assertThat(found.proposals()).hasSameSizeAs(expected.proposals()).isNotEmpty();
    for (int i = 0; i < found.proposals().size(); i++) {
      Set<Integer> one = units(found.proposals().get(i));
      Set<Integer> other = units(expected.proposals().get(i));
      assertThat(one).hasSameSizeAs(other).isNotEmpty();
      int proposed = one.size();
      one.retainAll(other);
      assertThat(one.size()).as("nearly equal gradients may swap").isGreaterThan(proposed * 9 / 10);
    }
  }

  private static float[] plus(float[] values, float[] changes) {
    float[] sums = values.clone();
    for (int i = 0; i < sums.length; i++) {
      sums[i] += changes[i];
    }
    return sums;
  }

  private static Set<Integer> units(GradientProposal proposal) {
    return IntStream.range(0, proposal.size())
        .mapToObj(proposal::unit)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static void assertClose(float[] found, float[] expected, double share) {
    double largest = 1e-12;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) found[i]).isCloseTo(expected[i], within(share * largest));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {FEDAVG, FEDTINY, FEDAVG + "federation.proximal = 0.1\n"})
  void run_sparse_repeatsItsBitsAndLearnsAsOnTheEngine(String recipe) {
    double engine = finished(recipe).accuracy();
    Finished sparse = finished(recipe + SPARSE);

    assertThat(sparse.accuracy()).isCloseTo(engine, within(0.06)).isGreaterThan(0.5);
    assertThat(finished(recipe + SPARSE).digest()).isEqualTo(sparse.digest());
  }

  private record Finished(double accuracy, String digest) {}

  private static Finished finished(String recipe) {
    try (SampleFederation sample = new SampleFederation(recipe, List.of(1.0, 1.0, .15))) {
      while (sample.course.next().isPresent()) {
        sample.round();
      }
      return new Finished(sample.accuracy(), sample.course.model().digest());
    }
  }

  @Test
  void changes_ofPrunedWeights_areNone() {
    try (SampleFederation sample = new SampleFederation(FEDAVG + SPARSE, List.of(.05))) {
      Contribution contribution = sample.contribution(0);
      Trained trained = (Trained) contribution.result();
      List<StateLayout.Entry> entries = sample.federation.values().stateLayout().entries();
      int changed = 0;
      for (int i = 0; i < entries.size(); i++) {
        Optional<Mask> mask = entries.get(i).mask().map(contribution.holds().masks()::get);
        for (int unit = 0; mask.isPresent() && unit < mask.get().size(); unit++) {
          float change = trained.changes().get(i)[unit];
          changed += change != 0 ? 1 : 0;
          assertThat(change == 0 || mask.get().isKept(unit)).isTrue();
        }
      }
      assertThat(changed).isPositive();
    }
  }

  /** Of 95 % in three updates the second prunes 70 % or more. */
  @ParameterizedTest
  @CsvSource({
    "'prune { sparsity = 70%, schedule = constant }', 0",
    "'prune { sparsity = 60%, schedule = constant }', -1",
    "'prune { sparsity = 0, schedule = constant }', -1",
    "'prune { sparsity = 95%, schedule { kind = cubic, begin = 25%, end = 75%, updates = 3 } }', 2",
    "'prune { sparsity = 95%, schedule = constant }, federation { widths = [100%, 50%], scaler = true }', -1"
  })
  void auto_withFedavg_isSparseFromTheRoundThatKeepsFew(String prune, long expected) {
    String recipe =
        "train.execution = auto, federation { kind = fedavg, rounds = 4 }\n" + prune + "\n";
    try (SampleFederation sample = new SampleFederation(recipe, List.of(1.0))) {
      PreparedFederation federation = sample.federation;
      assertThat(federation.run().sparseFrom().orElse(-1L)).isEqualTo(expected);
      for (int round = 0; round < 4; round++) {
        assertThat(federation.run().execution(round))
            .isEqualTo(expected >= 0 && round >= expected ? Execution.JAVA : Execution.ENGINE);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"80%, 0", "50%, -1"})
  void auto_withFedtiny_isSparseByItsDensity(String sparsity, long expected) {
    String recipe = FEDTINY + "train.execution = auto, prune.sparsity = " + sparsity + "\n";
    try (SampleFederation sample = new SampleFederation(recipe, List.of(1.0))) {
      assertThat(sample.federation.run().sparseFrom().orElse(-1L)).isEqualTo(expected);
    }
  }

  @Test
  void sparse_withScaledWeights_isRefused() {
    assertThatThrownBy(
            () ->
                new SampleFederation(
                    FEDAVG + SPARSE + "federation { widths = [100%, 50%], scaler = true }\n",
                    List.of(1.0)))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("federation.scaler");
  }
}
