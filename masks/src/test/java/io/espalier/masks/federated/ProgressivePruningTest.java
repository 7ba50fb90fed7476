package io.espalier.masks.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.update.MaskUpdate;
import io.espalier.masks.update.MaskUpdate.ParameterChange;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ProgressivePruningTest {
  private static final List<ParameterShape> ROW = Networks.ofSizes(8);
  private static final MaskSet CURRENT = Networks.dense(ROW).next(Networks.masks("11110000"));
  private static final float[] WEIGHTS = {4, -1, 3, .5f, 0, 0, 0, 0};

  @Test
  void adjustment_growsTheLargestMeans_andPrunesTheSmallestMagnitudes() {
    ProgressivePruning pruning = ProgressivePruning.of(CURRENT);
    pruning.add(0, proposal(new int[] {4, 6}, 4, -2), 1);
    pruning.add(0, proposal(new int[] {5, 6}, 1.2f, -2), 3);

    MaskUpdate update = pruning.update(List.of(WEIGHTS), List.of(1));

    assertThat(update.next().masks()).isEqualTo(Networks.masks("11100010"));
    assertThat(update.next().version()).isEqualTo(CURRENT.version().next());
    assertThat(update.changes())
        .containsExactly(new ParameterChange(ROW.get(0).id(), 8, 4, 4, 1, 1));
  }

  @Test
  void proposals_countAsZero_whereAClientHasNone() {
    ProgressivePruning pruning = ProgressivePruning.of(CURRENT);
    pruning.add(0, proposal(new int[] {4, 5}, 3, 1), 1);
    pruning.add(0, proposal(new int[] {5}, 1), 4);
    pruning.add(0, proposal(new int[] {4}, -2), 1);
    pruning.add(0, proposal(new int[] {7}, 1e6f), 0);

    assertThat(pruning.update(List.of(WEIGHTS), List.of(1)).next().masks())
        .isEqualTo(Networks.masks("11100100"));
  }

  @Test
  void proposals_fewerThanAskedFor_exchangeThatMany() {
    ProgressivePruning pruning = ProgressivePruning.of(CURRENT);
    pruning.add(0, proposal(new int[] {7}, 1), 1);

    MaskUpdate update = pruning.update(List.of(WEIGHTS), List.of(3));

    assertThat(update.next().masks()).isEqualTo(Networks.masks("11100001"));
  }

  /** Known mistake: pruning first, then growing from all that is out by then. */
  @Test
  void unit_justPruned_doesNotReturn_andOneJustGrown_doesNotGo() {
    ProgressivePruning pruning = ProgressivePruning.of(CURRENT);
    pruning.add(0, proposal(new int[] {1, 3, 4, 5}, 99, 99, .1f, .2f), 1);

    MaskUpdate update = pruning.update(List.of(WEIGHTS), List.of(2));

    assertThat(update.next().masks()).isEqualTo(Networks.masks("10101100"));
    assertThat(update.restarted()).isEmpty();
  }

  @Test
  void parameters_withoutProposals_stayAsTheyAre() {
    MaskSet two =
        Networks.dense(Networks.ofSizes(8, 8)).next(Networks.masks("11110000", "00001111"));
    ProgressivePruning pruning = ProgressivePruning.of(two);
    pruning.add(1, proposal(new int[] {0}, 1), 1);

    MaskUpdate update = pruning.update(List.of(WEIGHTS, new float[8]), List.of(2, 2));

    assertThat(update.next().masks()).isEqualTo(Networks.masks("11110000", "10000111"));
    assertThat(ProgressivePruning.of(two).update(List.of(WEIGHTS, WEIGHTS), List.of(2, 2)).next())
        .isEqualTo(two.next(two.masks()));
  }

  @Test
  void ties_growTheEarlier_andPruneTheEarlier() {
    ProgressivePruning pruning = ProgressivePruning.of(CURRENT);
    pruning.add(0, proposal(new int[] {4, 5, 6}, 1, -1, 1), 1);

    MaskUpdate update = pruning.update(List.of(new float[8]), List.of(2));

    assertThat(update.next().masks()).isEqualTo(Networks.masks("00111100"));
  }

  @Property(tries = 300, seed = "1")
  void adjustment_ofAnyProposals_equalsTheSortedOracle(
      @ForAll @IntRange(min = 1, max = 150) int size,
      @ForAll @DoubleRange(min = 0, max = 1) double density,
      @ForAll @IntRange(min = 0, max = 40) int count,
      @ForAll @IntRange(min = 0, max = 5) int clients,
      @ForAll long seed) {
    Random random = new Random(seed);
    Mask kept = Networks.randomMask(size, density, seed);
    MaskSet current = Networks.dense(Networks.ofSizes(size)).next(List.of(kept));
    float[] weights = Networks.weights(Networks.ofSizes(size), seed).get(0);
    ProgressivePruning pruning = ProgressivePruning.of(current);
    double[] sums = new double[size];
    boolean[] proposed = new boolean[size];
    for (int k = 1; k <= clients; k++) {
      TopGradients top = new TopGradients(count);
      for (int unit = 0; unit < size; unit++) {
        if (!kept.isKept(unit)) {
          top.offer(unit, (float) random.nextGaussian());
        }
      }
      GradientProposal proposal = top.proposal();
      pruning.add(0, proposal, k);
      for (int i = 0; i < proposal.size(); i++) {
        sums[proposal.unit(i)] += k * proposal.gradient(i);
        proposed[proposal.unit(i)] = true;
      }
    }

    Mask after = pruning.update(List.of(weights), List.of(count)).next().masks().get(0);

    List<Integer> grown =
        IntStream.range(0, size)
            .filter(unit -> proposed[unit])
            .boxed()
            .sorted(Comparator.comparingDouble(unit -> -Math.abs(sums[unit])))
            .limit(Math.min(count, kept.kept()))
            .toList();
    List<Integer> gone =
        IntStream.range(0, size)
            .filter(kept::isKept)
            .boxed()
            .sorted(Comparator.comparingDouble(unit -> Math.abs(weights[unit])))
            .limit(grown.size())
            .toList();
    assertThat(after.kept()).isEqualTo(kept.kept());
    assertThat(after)
        .isEqualTo(
            Mask.of(
                size, unit -> (kept.isKept(unit) && !gone.contains(unit)) || grown.contains(unit)));
  }

  @Test
  void proposal_beyondTheParameter_orWithoutWeight_isRefused() {
    ProgressivePruning pruning = ProgressivePruning.of(CURRENT);

    assertThatThrownBy(() -> pruning.add(0, proposal(new int[] {8}, 1), 1))
        .hasMessage("proposed units must be of the parameter: unit=8, units=8");
    assertThatThrownBy(() -> pruning.add(0, proposal(new int[] {4}, 1), Double.NaN))
        .hasMessageContaining("weight=NaN");
  }

  private static GradientProposal proposal(int[] units, float... gradients) {
    return GradientProposal.of(units, gradients);
  }
}
