package io.espalier.trainer.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.trainer.federated.course.GlobalEvaluator;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.ParameterSpec.Role;
import io.espalier.trainer.replica.LocalReplica;
import io.espalier.trainer.state.StateLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
          .containsExactly(new Layer.GroupNorm(4), new Layer.GroupNorm(2), new Layer.GroupNorm(1));
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

  /** By the definition: from each holder's own index of a value. */
  private static float[] meanOfHolders(List<Contribution> sent, int parameter, float[] before) {
    double[] sums = new double[before.length];
    double[] weights = new double[before.length];
    for (Contribution each : sent) {
      float[] changes = ((ClientResult.Trained) each.result()).changes().get(parameter);
      float[] numbers = new float[changes.length];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = i + 1;
      }
      float[] numberOf = each.slice().widened(parameter, numbers);
      for (int unit = 0; unit < before.length; unit++) {
        if (numberOf[unit] > 0) {
          float change = changes[(int) numberOf[unit] - 1];
          sums[unit] += each.result().examples() * (double) (before[unit] + change);
          weights[unit] += each.result().examples();
        }
      }
    }
    float[] expected = before.clone();
    for (int unit = 0; unit < before.length; unit++) {
      expected[unit] = weights[unit] > 0 ? (float) (sums[unit] / weights[unit]) : before[unit];
    }
    return expected;
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
    return new GlobalEvaluator(network.federation(), sample.replica(width))
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
