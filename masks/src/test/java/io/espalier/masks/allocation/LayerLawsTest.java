package io.espalier.masks.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Networks;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Densities that follow from shapes and places alone, as the literature states them. */
class LayerLawsTest {
  private static final MemberSettings UNIFORM_PLUS = uniformPlus(1, .2);
  private static final AllocationCase CONVOLUTIONS = AllocationCase.of(Networks.convolutions());

  private static MemberSettings uniformPlus(double first, double last) {
    return MemberSettings.of("uniform-plus").with("first", first).with("last", last);
  }

  private static MemberSettings erkPlus(double last) {
    return MemberSettings.of("erk-plus").with("power", 1.0).with("last", last);
  }

  private static long sum(List<Integer> counts) {
    return counts.stream().mapToLong(Integer::longValue).sum();
  }

  @Test
  void uniformPlus_ofConvolutions_followsTheWorkedNumbers() {
    assertThat(CONVOLUTIONS.counts(UNIFORM_PLUS, .9)).containsExactly(432, 371, 1481, 128);
    // A share of .509122 goes of all but the first: 2261.97, 9047.87 and 314.16 stay.
    assertThat(CONVOLUTIONS.counts(UNIFORM_PLUS, .5)).containsExactly(432, 2262, 9048, 314);
  }

  @Test
  void uniformPlus_withOtherEnds_protectsThose() {
    assertThat(CONVOLUTIONS.counts(uniformPlus(.5, .5), .9)).startsWith(216).endsWith(320);
    assertThat(CONVOLUTIONS.counts(uniformPlus(0, 0), .9))
        .isEqualTo(CONVOLUTIONS.counts(MemberSettings.of("uniform"), .9));
  }

  @Test
  void uniformPlus_thatProtectsMoreThanTheBudget_isRefused() {
    assertThatThrownBy(() -> CONVOLUTIONS.counts(UNIFORM_PLUS, .99))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("kept=242, floors=");
  }

  /** The last keeps 640; epsilon is then (4822.4 − 640 − 432) / Σ r n of the middle two. */
  @Test
  void erkPlus_withADenseLast_sharesTheRestAsErkDoes() {
    AllocationCase others = AllocationCase.of(Networks.convolutions().subList(0, 3));
    double sparsity = .8;
    long kept = 24_112 - (long) (24_112 * sparsity);
    List<Integer> rest =
        others.counts(
            MemberSettings.of("erk").with("power", 1.0), 1 - (kept - 640) / 23_472.0 + 1e-9);

    List<Integer> counts = CONVOLUTIONS.counts(erkPlus(1), sparsity);

    assertThat(counts).hasSize(4).endsWith(640);
    assertThat(sum(counts)).isEqualTo(kept);
    for (int p = 0; p < 3; p++) {
      assertThat((double) counts.get(p)).isCloseTo(rest.get(p), within(1.0));
    }
  }

  @Test
  void erkPlus_withAFixedLast_keepsThatDensityUntilTheOthersAreDense() {
    assertThat(CONVOLUTIONS.counts(erkPlus(.25), .8)).endsWith(160);
    assertThat(CONVOLUTIONS.counts(erkPlus(.25), .1)).endsWith(160);
    assertThat(CONVOLUTIONS.counts(erkPlus(.25), .01)).containsExactly(432, 4608, 18432, 399);
    assertThat(CONVOLUTIONS.counts(erkPlus(.25), 0)).containsExactly(432, 4608, 18432, 640);
  }

  @Test
  void balanced_ofLayersOfManySizes_keepsAsManyOfEach_cappedAtDense() {
    MemberSettings balanced = MemberSettings.of("balanced");

    // 2412 weights: 432 and 3 · 660, but the last has 640 only.
    assertThat(CONVOLUTIONS.counts(balanced, .9)).containsExactly(432, 670, 670, 640);
    assertThat(CONVOLUTIONS.counts(balanced, .95)).containsExactly(302, 302, 301, 301);
  }

  /** p + p² + p³ = 1.75 at p = .5 … each of 1000: 875 of 3000 stay. */
  @Test
  void pyramidal_ofEqualLayers_hasThePowersOfOneDensity() {
    AllocationCase equal = AllocationCase.of(Networks.ofSizes(1000, 1000, 1000));

    assertThat(equal.counts(MemberSettings.of("pyramidal"), 1 - 875 / 3000.0))
        .containsExactly(500, 250, 125);
  }

  @Test
  void pyramidal_ofLayersOfManySizes_solvesForTheDensityOfAll() {
    List<Integer> counts = CONVOLUTIONS.counts(MemberSettings.of("pyramidal"), .9);

    double density = Math.pow(counts.get(2) / 18_432.0, 1 / 3.0);
    assertThat(counts.get(0) / 432.0).isCloseTo(density, within(2e-3));
    assertThat(counts.get(1) / 4608.0).isCloseTo(density * density, within(2e-3));
    assertThat(sum(counts)).isEqualTo(2412);
    assertThat(CONVOLUTIONS.counts(MemberSettings.of("pyramidal"), 0))
        .containsExactly(432, 4608, 18432, 640);
  }
}
