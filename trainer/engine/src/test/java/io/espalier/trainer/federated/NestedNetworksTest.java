package io.espalier.trainer.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.trainer.federated.RoundMerge.Contribution;
import io.espalier.trainer.network.GroupNorm;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.ParameterSpec.Role;
import io.espalier.trainer.replica.LocalReplica;
import io.espalier.trainer.state.StateLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class NestedNetworksTest {
  private static final String WIDTHS =
      """
      prune.sparsity = 0
      federation { kind = fedavg, rounds = 8, widths = [100%, 50%, 25%]
                   server-examples = 100, server-epochs = 2 }
      """;
  private static final String SPARSE =
      """
      prune { sparsity = 80%, schedule { kind = cubic, begin = 10%, end = 75%, updates = 3 } }
      federation { kind = fedavg, rounds = 6, widths = [100%, 50%] }
      """;

  @Test
  void networks_areNarrower_insideTheSameInputsAndOutputs() {
    try (SampleFederation sample = new SampleFederation(WIDTHS, List.of(1.0))) {
      List<NarrowNetwork> all = sample.networks.all();

      assertThat(all).extracting(NarrowNetwork::width).containsExactly(1.0, .5, .25);
      assertThat(all)
          .extracting(each -> each.federation().run().network().nodes().get(0).layer().toString())
          .satisfiesExactly(
              whole -> assertThat(whole).contains("outputs=8"),
              half -> assertThat(half).contains("outputs=4"),
              quarter -> assertThat(quarter).contains("outputs=2"));
      assertThat(all)
          .allSatisfy(
              each -> assertThat(each.federation().run().network().outputs()).isEqualTo(10));
      assertThat(all).extracting(NarrowNetwork::layoutDigest).doesNotHaveDuplicates();
      assertThat(all)
          .extracting(NarrowNetwork::trainingBytes)
          .isSortedAccordingTo(Collections.reverseOrder());
    }
  }

  @Test
  void groupNorms_ofNarrowNetworks_haveFewerGroupsOfTheSameSize() {
    String recipe =
        """
        model { layers = [
          { kind = convolution, outputs = 8, kernel = 3, padding = 1 }
          { kind = group-norm, groups = 4 }, relu, { kind = max-pool, kernel = 2 }, flatten
          { kind = linear, outputs = 32 }, layer-norm, relu
          { kind = linear, outputs = classes } ] }
        """
            + WIDTHS;
    List<Double> widths = List.of(1.0, .5, .25);
    try (SampleFederation sample = new SampleFederation(recipe, List.of(1.0, 1.0, 1.0), widths)) {
      assertThat(sample.networks.all())
          .extracting(each -> each.federation().run().network().nodes().get(1).layer())
          .containsExactly(
              new GroupNorm(4, Layer.EPSILON),
              new GroupNorm(2, Layer.EPSILON),
              new GroupNorm(1, Layer.EPSILON));
      assertThat(sample.federation.values().stateLayout().hasNorms()).isFalse();

      while (sample.course.next().isPresent()) {
        sample.round();
      }

      assertThat(sample.accuracy()).isGreaterThan(.7);
      assertThat(accuracy(sample, .5)).isGreaterThan(.5);
    }
  }

  @Test
  void excluded_parameter_keepsItsChannelsInAllNetworks() {
    String recipe = "prune.exclude = [\"fc1.weight\"]\n" + WIDTHS;
    try (SampleFederation sample = new SampleFederation(recipe, List.of(1.0))) {
      assertThat(sample.networks.narrowest().slice().layout().shapes())
          .filteredOn(shape -> shape.id().name().equals("fc1.weight"))
          .singleElement()
          .satisfies(shape -> assertThat(shape.dimensions()).startsWith(32));
    }
  }

  @Test
  void device_getsTheWidestNetworkThatItsMemoryHolds() {
    try (SampleFederation sample = new SampleFederation(WIDTHS, List.of(1.0))) {
      NestedNetworks networks = sample.networks;
      long half = networks.at(.5).trainingBytes();

      assertThat(networks.within(half).orElseThrow().width()).isEqualTo(.5);
      assertThat(networks.within(half - 1).orElseThrow().width()).isEqualTo(.25);
      assertThat(networks.within(Long.MAX_VALUE)).contains(networks.whole());
      assertThat(networks.within(networks.narrowest().trainingBytes() - 1)).isEmpty();
      assertThatThrownBy(() -> networks.at(.3))
          .hasMessageContaining("width=0.3, widths=[1.0, 0.5, 0.25]");
    }
  }

  @Test
  void replica_ofANarrowNetwork_holdsSmallArrays() {
    try (SampleFederation sample = new SampleFederation(WIDTHS, List.of(1.0))) {
      long whole = floats(sample, 1);
      long quarter = floats(sample, .25);

      assertThat(quarter).isLessThan(whole / 8);
    }
  }

  private static long floats(SampleFederation sample, double width) {
    LocalReplica replica = sample.replica(width);
    StateLayout layout = sample.networks.at(width).federation().run().stateLayout();
    return IntStream.range(0, layout.entries().size())
        .mapToLong(
            i ->
                IntStream.range(0, layout.entries().get(i).slots())
                    .mapToLong(slot -> replica.state().array(i, slot).remaining())
                    .sum())
        .sum();
  }

  @Test
  void merge_ofThreeWidths_isTheMeanOfThoseThatHoldEachValue() {
    List<Double> widths = List.of(1.0, .5, .25);
    try (SampleFederation sample = new SampleFederation(WIDTHS, List.of(1.0, 1.0, 1.0), widths)) {
      List<Contribution> sent = IntStream.range(0, 3).mapToObj(sample::contribution).toList();
      List<StateLayout.Entry> entries = sample.federation.values().stateLayout().entries();
      List<float[]> before = values(sample, entries.size());

      sample.course.merge(sent);

      List<float[]> after = values(sample, entries.size());
      for (int p = 0; p < entries.size(); p++) {
        if (entries.get(p).role().isTrained()) {
          assertThat(after.get(p))
              .containsExactly(meanOfHolders(sent, p, before.get(p)), within(1e-6f));
        }
      }
    }
  }

  /** One vote for each client that has the value, for norm statistics too. */
  @Test
  void merge_byMedianAndTrimmedMean_countsThoseThatHoldEachValue() {
    for (String rule : List.of("median", "{ kind = trimmed-mean, drop = 1 }")) {
      String recipe = WIDTHS + "federation.aggregation = " + rule;
      List<Double> caps = List.of(1.0, 1.0, 1.0, 1.0);
      List<Double> widths = List.of(1.0, .5, .5, .25);
      try (SampleFederation sample = new SampleFederation(recipe, caps, widths)) {
        List<Contribution> sent = IntStream.range(0, 4).mapToObj(sample::contribution).toList();
        int entries = sample.federation.values().stateLayout().entries().size();
        List<float[]> before = values(sample, entries);

        sample.course.merge(sent);

        List<float[]> after = values(sample, entries);
        for (int p = 0; p < entries; p++) {
          assertThat(after.get(p))
              .as("%s, parameter %d", rule, p)
              .containsExactly(middleOfHolders(sent, p, before.get(p)), within(1e-6f));
        }
      }
    }
  }

  /** Of 1 or 2 values their mean, of 3 the middle one, of 4 the mean of the middle two. */
  private static float[] middleOfHolders(List<Contribution> sent, int parameter, float[] before) {
    float[] expected = before.clone();
    for (int unit = 0; unit < before.length; unit++) {
      List<Float> held = new ArrayList<>();
      for (Contribution each : sent) {
        float value = before[unit];
        change(each, parameter, unit).ifPresent(change -> held.add(value + change));
      }
      Collections.sort(held);
      int last = held.size() - 1;
      if (last >= 0) {
        expected[unit] = (float) ((held.get(last / 2) + (double) held.get(last - last / 2)) / 2);
      }
    }
    return expected;
  }

  /** By the definition: from each holder's own index of a value. */
  private static float[] meanOfHolders(List<Contribution> sent, int parameter, float[] before) {
    float[] expected = before.clone();
    for (int unit = 0; unit < before.length; unit++) {
      double sum = 0;
      double weight = 0;
      for (Contribution each : sent) {
        Optional<Float> change = change(each, parameter, unit);
        if (change.isPresent()) {
          sum += each.result().examples() * (double) (before[unit] + change.get());
          weight += each.result().examples();
        }
      }
      expected[unit] = weight > 0 ? (float) (sum / weight) : before[unit];
    }
    return expected;
  }

  /** What a client adds to a value of the whole network; empty if it does not have it. */
  private static Optional<Float> change(Contribution from, int parameter, int unit) {
    float[] changes = ((ClientResult.Trained) from.result()).changes().get(parameter);
    float[] numbers = new float[changes.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i + 1;
    }
    int number = (int) from.slice().widened(parameter, numbers)[unit];
    return number > 0 ? Optional.of(changes[number - 1]) : Optional.empty();
  }

  @Test
  void values_thatNobodyHolds_stay_normStatisticsToo() {
    try (SampleFederation sample = new SampleFederation(WIDTHS, List.of(1.0), List.of(.25))) {
      List<StateLayout.Entry> entries = sample.federation.values().stateLayout().entries();
      List<float[]> before = values(sample, entries.size());

      sample.round();

      List<float[]> after = values(sample, entries.size());
      for (int p = 0; p < entries.size(); p++) {
        Mask held = held(sample.network(0), p);
        int parameter = p;
        List<Boolean> moved = new ArrayList<>();
        held.forEachKept(
            unit -> moved.add(before.get(parameter)[unit] != after.get(parameter)[unit]));
        Mask.allKept(held.size())
            .andNot(held)
            .forEachKept(
                unit ->
                    assertThat(after.get(parameter)[unit]).isEqualTo(before.get(parameter)[unit]));
        assertThat(moved).as("%s", entries.get(p).id()).contains(true);
      }
      assertThat(entries).extracting(StateLayout.Entry::role).contains(Role.RUNNING_VARIANCE);
    }
  }

  private static Mask held(NarrowNetwork network, int parameter) {
    int size = network.slice().layout().shapes().get(parameter).size();
    return network.slice().widened(parameter, Mask.allKept(size));
  }

  private static List<float[]> values(SampleFederation sample, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> sample.course.model().state().values(i, 0).clone())
        .toList();
  }

  @Test
  void masks_ofANarrowClient_areTheGlobalOnesThere_downToItsCap() {
    try (SampleFederation sample =
        new SampleFederation(SPARSE, List.of(1.0, 1.0, .02), List.of(1.0, .5, .5))) {
      for (int i = 0; i < 5; i++) {
        sample.round();
      }
      MaskSet global = sample.course.model().masks().masks();
      MaskSet half = sample.network(1).slice().narrowed(global);

      assertThat(global.sparsity()).isGreaterThan(.5);
      assertThat(sample.masks(1)).isEqualTo(half);
      assertThat(sample.masks(2).kept()).isEqualTo((long) (.02 * global.total() + 1e-9));
      for (int p = 0; p < half.masks().size(); p++) {
        assertThat(sample.masks(2).masks().get(p).andNot(half.masks().get(p)).kept()).isZero();
      }
      assertThat(((ClientResult.Trained) sample.contribution(2).result()).changes().get(0))
          .hasSize(4 * 9);
    }
  }

  @Test
  void federation_ofMixedWidths_learns_atEachOfThem() {
    List<Double> widths = List.of(1.0, .5, .25);
    try (SampleFederation sample = new SampleFederation(WIDTHS, List.of(1.0, 1.0, 1.0), widths)) {
      while (sample.course.next().isPresent()) {
        sample.round();
      }

      assertThat(sample.accuracy()).isGreaterThan(.7);
      assertThat(accuracy(sample, .5)).isGreaterThan(.5);
      assertThat(accuracy(sample, .25)).isGreaterThan(.3);
    }
  }

  private static double accuracy(SampleFederation sample, double width) {
    NarrowNetwork network = sample.networks.at(width);
    return new ServerReplica(network.federation(), sample.replica(width))
        .evaluate(
            network.narrowed(sample.course.model().state()),
            network.slice().narrowed(sample.course.model().masks().masks()))
        .accuracy();
  }

  /** Widths that no client has leave the bits of the run as they were. */
  @Test
  void federation_ofWholeClients_isThatWithoutWidths() {
    String without = WIDTHS.replace("widths = [100%, 50%, 25%]", "");

    assertThat(digestAfterTwo(WIDTHS)).isEqualTo(digestAfterTwo(without));
  }

  private static String digestAfterTwo(String recipe) {
    try (SampleFederation sample = new SampleFederation(recipe, List.of(1.0, 1.0))) {
      sample.round();
      sample.round();
      return sample.course.model().digest();
    }
  }
}
