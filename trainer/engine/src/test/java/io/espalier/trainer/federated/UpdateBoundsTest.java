package io.espalier.trainer.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.masks.federated.NormClip;
import io.espalier.trainer.federated.RoundMerge.Contribution;
import io.espalier.trainer.state.StateLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How far one client can move the network. */
final class UpdateBoundsTest {
  private static final int CLIENTS = 5;
  private static final String MEAN =
      "prune.sparsity = 0\nfederation { kind = fedavg, cohort = 5, rounds = 3 }\n";
  private static final String NONE =
      "federation { norm-bound = none, weight-bound = none, loss-bound = none }\n";

  /**
   * The mean over weights w of norms that are at most 1.5 medians: nobody moves it beyond these.
   */
  @Test
  void merge_withAFalseUpdate_movesTheNetworkNoFurtherThanTheBound() {
    double honest = moved(MEAN, 0, 1, 1);

    assertThat(moved(MEAN, 1, 1e6, 1)).isLessThan(2 * honest);
    assertThat(moved(MEAN, 1, 1e6, 100_000)).isLessThan(2 * honest);
    assertThat(moved(MEAN + NONE, 1, 1e6, 1)).isGreaterThan(1e3 * honest);
    assertThat(moved(MEAN + NONE, 1, 1e6, 100_000)).isGreaterThan(1e3 * honest);
  }

  @Test
  void merge_withFalseNormStatistics_isBoundedToo() {
    double honest = statistics(MEAN, 0);

    assertThat(statistics(MEAN, 1)).isLessThan(3 * honest);
    assertThat(statistics(MEAN + NONE, 1)).isGreaterThan(1e3 * honest);
  }

  /** Robust rules see the false one as it is, far away. */
  @Test
  void merge_byKrum_comparesUpdatesAtTheirOwnLength() {
    String krum = MEAN + "federation.aggregation { kind = krum, faulty = 1 }\n";

    assertThat(moved(krum, 1, 1e6, 1)).isEqualTo(moved(krum + NONE, 1, 1e6, 1)).isLessThan(10);
  }

  @Test
  void merge_ofHonestClients_hasTheBitsOfAPlainMean() {
    try (SampleFederation bounded = sample(MEAN);
        SampleFederation plain = sample(MEAN + NONE)) {
      bounded.round();
      plain.round();

      assertThat(bounded.course.model().digest()).isEqualTo(plain.course.model().digest());
    }
  }

  @Test
  void merge_notAdopted_keepsTheValuesAndFollowsTheSchedule() {
    String recipe =
        """
        prune { sparsity = 80%, schedule { kind = one-shot, begin = 50% } }
        federation { kind = fedavg, cohort = 5, rounds = 2 }
        """;
    try (SampleFederation sample = sample(recipe)) {
      List<float[]> before = copies(sample);

      RoundMerge merge =
          sample.course.merge(contributions(sample, 0, 1, 1), (model, next) -> false);

      assertThat(merge.adopted()).isFalse();
      assertThat(sample.course.model().step()).isEqualTo(1);
      List<float[]> after = copies(sample);
      for (int p = 0; p < before.size(); p++) {
        for (int unit = 0; unit < before.get(p).length; unit++) {
          assertThat(after.get(p)[unit]).isIn(before.get(p)[unit], 0f);
        }
      }
      assertThat(sample.course.model().masks().masks().sparsity()).isEqualTo(.8, within(.01));
    }
  }

  private static SampleFederation sample(String recipe) {
    return new SampleFederation(recipe, Collections.nCopies(CLIENTS, 1.0));
  }

  /**
   * How far trained values move in a round in which the first clients send {@code factor} times.
   */
  private static double moved(String recipe, int hostile, double factor, int examples) {
    try (SampleFederation sample = sample(recipe)) {
      List<float[]> before = copies(sample);
      sample.course.merge(contributions(sample, hostile, factor, examples));
      return distance(sample, before, true);
    }
  }

  private static double statistics(String recipe, int hostile) {
    try (SampleFederation sample = sample(recipe)) {
      List<float[]> before = copies(sample);
      List<Contribution> all = contributions(sample, 0, 1, 1);
      for (int k = 0; k < hostile; k++) {
        ClientResult.Trained result = (ClientResult.Trained) all.get(k).result();
        List<StateLayout.Entry> entries = entries(sample);
        IntStream.range(0, entries.size())
            .filter(i -> !entries.get(i).role().isTrained())
            .forEach(i -> Arrays.fill(result.changes().get(i), 1e6f));
      }
      sample.course.merge(all);
      return distance(sample, before, false);
    }
  }

  private static List<Contribution> contributions(
      SampleFederation sample, int hostile, double factor, int examples) {
    List<Contribution> all = new ArrayList<>();
    for (int k = 0; k < CLIENTS; k++) {
      Contribution sent = sample.contribution(k);
      if (k < hostile) {
        ClientResult.Trained result = (ClientResult.Trained) sent.result();
        for (int i = 0; i < result.changes().size(); i++) {
          float[] change = result.changes().get(i);
          for (int u = 0; entries(sample).get(i).role().isTrained() && u < change.length; u++) {
            change[u] *= (float) factor;
          }
        }
        int claimed = examples == 1 ? result.examples() : examples;
        sent =
            new Contribution(
                sent.client(),
                sent.holds(),
                sent.slice(),
                new ClientResult.Trained(
                    claimed, result.steps(), result.loss(), result.changes(), List.of()));
      }
      all.add(sent);
    }
    return all;
  }

  private static List<StateLayout.Entry> entries(SampleFederation sample) {
    return sample.federation.values().stateLayout().entries();
  }

  private static List<float[]> copies(SampleFederation sample) {
    return IntStream.range(0, entries(sample).size())
        .mapToObj(i -> sample.course.model().state().values(i, 0).clone())
        .toList();
  }

  private static double distance(SampleFederation sample, List<float[]> before, boolean trained) {
    List<float[]> now = copies(sample);
    List<float[]> changes = new ArrayList<>();
    for (int i = 0; i < now.size(); i++) {
      if (entries(sample).get(i).role().isTrained() == trained) {
        float[] change = now.get(i);
        for (int u = 0; u < change.length; u++) {
          change[u] -= before.get(i)[u];
        }
        changes.add(change);
      }
    }
    return NormClip.norm(changes);
  }
}
