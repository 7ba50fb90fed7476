package io.espalier.masks.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.GranularityConfig.NormScaling;
import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterId;
import io.espalier.masks.structure.Chains;
import io.espalier.masks.structure.DependencyGraph;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.masks.structure.Groups;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class NormFactorsTest {
  /** Group 1 is that of the four channels that {@code second} reads. */
  private static final Groups GROUPS = Chains.linear(2, 4, 3);

  private static final List<float[]> SCORES = scores(4, 3, 2, 1);

  private static NormFactors factors(NormScaling scaling) {
    return NormFactors.of(scaling, GROUPS, List.of(new ParameterId("second")));
  }

  private static List<float[]> scores(float... hidden) {
    return List.of(new float[] {1, 1}, hidden, new float[] {1, 1, 1});
  }

  private static List<Mask> hidden(String bits) {
    List<Mask> masks = new ArrayList<>(GROUPS.allKept());
    masks.set(1, Networks.mask(bits));
    return masks;
  }

  private static ChannelState updated(
      NormFactors factors, ChannelState before, String kept, boolean mayReturn, List<float[]> by) {
    return factors.weighed(
        before, before.updated(hidden(kept), mayReturn, 10), before.candidates(mayReturn), by);
  }

  /** SMCP's worked factors: .7 of the importance, .5 of the channels. */
  @Test
  void ratios_ofAFirstUpdate_areTheWorkedFactors() {
    ChannelState dense = ChannelState.dense(GROUPS);
    NormFactors importance = factors(NormScaling.IMPORTANCE);
    NormFactors share = factors(NormScaling.SHARE);
    NormFactors none = factors(NormScaling.NONE);

    assertThat(importance.ratios(dense, updated(importance, dense, "1100", true, SCORES)))
        .containsExactly(.7f);
    assertThat(share.ratios(dense, updated(share, dense, "1100", true, SCORES)))
        .containsExactly(.5f);
    assertThat(none.ratios(dense, updated(none, dense, "1100", true, SCORES))).isEmpty();
  }

  @Test
  void ratios_ofSoftUpdates_multiplyToTheFactorByTheLatestScores() {
    // Given
    NormFactors factors = factors(NormScaling.IMPORTANCE);
    ChannelState dense = ChannelState.dense(GROUPS);
    ChannelState first = updated(factors, dense, "1100", true, SCORES);

    // When a channel overtakes another
    ChannelState second = updated(factors, first, "1001", true, scores(4, 1, 1, 6));

    // Then
    float product = factors.ratios(dense, first).get(0) * factors.ratios(first, second).get(0);
    assertThat(product).isCloseTo(10 / 12f, within(1e-6f));
  }

  @Test
  void ratios_ofAHardUpdate_countWhatIsLeftOfTheCandidates() {
    NormFactors factors = factors(NormScaling.IMPORTANCE);
    ChannelState first = updated(factors, ChannelState.dense(GROUPS), "1110", false, SCORES);

    // The scores of candidates have doubled since; what is pruned has none
    ChannelState second = updated(factors, first, "1000", false, scores(8, 6, 4, 0));

    assertThat(factors.ratios(first, second).get(0)).isCloseTo(8 / 18f, within(1e-6f));
    assertThat(second.importances().get(1)[3]).isEqualTo(2);
  }

  @Test
  void ratios_afterACut_countTheChannelsThatAreLeft() {
    NormFactors factors = factors(NormScaling.IMPORTANCE);
    ChannelState first = updated(factors, ChannelState.dense(GROUPS), "1100", true, SCORES);
    ChannelState cut = first.cut(hidden("0011").stream().map(NormFactorsTest::hiddenOnly).toList());

    ChannelState second = updated(factors, cut, "1000", true, scores(3, 1, 0, 0));

    assertThat(factors.ratios(first, cut)).containsExactly(1 / .7f);
    assertThat(factors.ratios(cut, second)).containsExactly(.75f);
  }

  private static Mask hiddenOnly(Mask mask) {
    return mask.size() == 4 ? mask : Mask.of(mask.size(), channel -> false);
  }

  @Test
  void ratios_ofScoresThatAreAllZero_leaveNormsAlone() {
    NormFactors factors = factors(NormScaling.IMPORTANCE);
    ChannelState dense = ChannelState.dense(GROUPS);

    assertThat(factors.ratios(dense, updated(factors, dense, "1100", true, scores(0, 0, 0, 0))))
        .containsExactly(1f);
  }

  /** A layer that reads two groups one after another, of which the second stays whole. */
  @Test
  void ratios_ofALayerThatReadsSeveralGroups_countAllThatItReads() {
    DependencyGraph wiring = new DependencyGraph();
    ChannelPort example = wiring.channels(2);
    ChannelPort four = Chains.connect(wiring, "four", example, 4);
    ChannelPort six = Chains.connect(wiring, "six", example, 6);
    Chains.scale(wiring, "norm", six);
    Chains.connect(wiring, "both", wiring.joined(List.of(four, six)), 3);
    Groups groups = wiring.groups();
    List<Mask> kept = new ArrayList<>(groups.allKept());
    int narrow =
        groups.all().stream().filter(each -> each.channels() == 4).findFirst().orElseThrow().id();
    kept.set(narrow, Networks.mask("1000"));
    ChannelState dense = ChannelState.dense(groups);

    NormFactors factors =
        NormFactors.of(
            NormScaling.SHARE, groups, List.of(new ParameterId("both"), new ParameterId("six")));

    assertThat(factors.ratios(dense, dense.updated(kept, true, 1))).containsExactly(.7f, 1f);
  }

  @Property(tries = 200, seed = "1")
  void ratios_ofAnyHardUpdates_areAboveZeroAndAtMostOne(@ForAll long seed) {
    Random random = new Random(seed);
    NormFactors factors = factors(NormScaling.IMPORTANCE);
    ChannelState state = ChannelState.dense(GROUPS);
    for (String kept : List.of("1110", "0110", "0100")) {
      float[] hidden = new float[4];
      state.kept().get(1).forEachKept(c -> hidden[c] = random.nextFloat() + 1e-3f);
      ChannelState next = updated(factors, state, kept, false, scores(hidden));
      float ratio = factors.ratios(state, next).get(0);
      assertThat(ratio).isGreaterThan(0).isLessThanOrEqualTo(1 + 1e-6f);
      state = random.nextBoolean() ? next.cut(next.pruned()) : next;
    }
  }
}
