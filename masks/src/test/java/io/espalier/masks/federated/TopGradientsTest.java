package io.espalier.masks.federated;

import static io.espalier.masks.Networks.mask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
import java.nio.FloatBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TopGradientsTest {
  /** Known mistake: places in the list of pruned units, taken for flat indices. */
  @Test
  void units_areFlatIndices_notPlacesAmongThePruned() {
    TopGradients top = new TopGradients(2);
    top.offer(0, FloatBuffer.wrap(new float[] {9, 9, .1f, 9, -3, 2, 9, 1}), mask("11010010"));

    assertThat(units(top.proposal())).containsExactly(4, 5);
    assertThat(gradients(top.proposal())).containsExactly(-3f, 2f);
  }

  /** Known mistake: dense gradients that travel, and are cut down only by the server. */
  @Test
  void proposal_ofALargeParameter_hasNoMoreThanWasAskedFor() {
    TopGradients top = new TopGradients(5);
    for (int unit = 0; unit < 1_000_000; unit++) {
      top.offer(unit, unit);
    }

    assertThat(units(top.proposal())).containsExactly(999_995, 999_996, 999_997, 999_998, 999_999);
  }

  @Test
  void ties_goToTheEarlierUnit_inAnyOrderOfOffers() {
    TopGradients rising = new TopGradients(2);
    TopGradients falling = new TopGradients(2);
    for (int unit = 0; unit < 6; unit++) {
      rising.offer(unit, unit % 2 == 0 ? 1 : -1);
      falling.offer(5 - unit, 1);
    }

    assertThat(units(rising.proposal())).containsExactly(0, 1);
    assertThat(units(falling.proposal())).containsExactly(0, 1);
  }

  @Test
  void zeros_areHeld_whereThereIsRoom() {
    TopGradients top = new TopGradients(3);
    top.offer(4, -0f);
    top.offer(2, 0);

    assertThat(units(top.proposal())).containsExactly(2, 4);
    assertThat(new TopGradients(3).proposal().size()).isZero();
  }

  @Test
  void noRoom_holdsNothing() {
    TopGradients top = new TopGradients(0);
    top.offer(1, 5);

    assertThat(top.proposal().size()).isZero();
  }

  @Test
  void buffer_isReadFromItsPosition_whichStays() {
    FloatBuffer dense = FloatBuffer.wrap(new float[] {7, 7, 1, 2, 3}).position(2);
    TopGradients top = new TopGradients(1);

    top.offer(0, dense, mask("001"));

    assertThat(units(top.proposal())).containsExactly(1);
    assertThat(gradients(top.proposal())).containsExactly(2f);
    assertThat(dense.position()).isEqualTo(2);
  }

  @Property(tries = 500, seed = "1")
  void proposal_equalsTheSortedOracle(
      @ForAll @IntRange(min = 1, max = 200) int size,
      @ForAll @IntRange(min = 0, max = 220) int count,
      @ForAll boolean ties,
      @ForAll long seed) {
    Random random = new Random(seed);
    float[] dense = new float[size];
    for (int unit = 0; unit < size; unit++) {
      dense[unit] = ties ? random.nextInt(7) - 3 : (float) random.nextGaussian();
    }
    Mask kept = Networks.randomMask(size, .3, seed);
    TopGradients top = new TopGradients(count);

    int split = random.nextInt(size + 1);
    top.offer(split, FloatBuffer.wrap(dense, split, size - split), kept);
    top.offer(0, FloatBuffer.wrap(dense, 0, split), kept);

    List<Integer> expected =
        IntStream.range(0, size)
            .filter(unit -> !kept.isKept(unit))
            .boxed()
            .sorted(Comparator.comparingDouble(unit -> -Math.abs(dense[unit])))
            .limit(count)
            .sorted()
            .toList();
    GradientProposal proposal = top.proposal();
    assertThat(units(proposal)).isEqualTo(expected);
    for (int i = 0; i < proposal.size(); i++) {
      assertThat(proposal.gradient(i)).isEqualTo(dense[proposal.unit(i)]);
    }
  }

  @Test
  void gradients_thatAreNotFinite_orDoNotFit_areRefused() {
    assertThatThrownBy(() -> new TopGradients(1).offer(3, Float.NaN))
        .hasMessage("gradients must be finite: unit=3, gradient=NaN");
    assertThatThrownBy(() -> new TopGradients(1).offer(2, FloatBuffer.allocate(2), mask("000")))
        .hasMessage("gradients must be of units that there are: units=3, from=2, gradients=2");
    assertThatThrownBy(() -> new TopGradients(-1)).hasMessageContaining("capacity=-1");
  }

  @Test
  void proposal_outOfOrderOrNotFinite_isRefused() {
    assertThatThrownBy(() -> GradientProposal.of(new int[] {3, 3}, new float[2]))
        .hasMessageContaining("unit=3, before=3");
    assertThatThrownBy(() -> GradientProposal.of(new int[] {-1}, new float[1]))
        .hasMessageContaining("unit=-1");
    assertThatThrownBy(() -> GradientProposal.of(new int[1], new float[] {Float.NaN}))
        .hasMessageContaining("gradient=NaN");
    assertThatThrownBy(() -> GradientProposal.of(new int[1], new float[2]))
        .hasMessageContaining("units=1, gradients=2");
  }

  private static List<Integer> units(GradientProposal proposal) {
    return IntStream.range(0, proposal.size()).mapToObj(proposal::unit).toList();
  }

  private static List<Float> gradients(GradientProposal proposal) {
    return IntStream.range(0, proposal.size()).mapToObj(proposal::gradient).toList();
  }
}
