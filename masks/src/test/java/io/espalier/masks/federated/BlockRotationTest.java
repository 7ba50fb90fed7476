package io.espalier.masks.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BlockRotationTest {
  @Test
  void blocks_areTaken_fromOutputToInput_overAndOver() {
    BlockRotation cycle = new BlockRotation(5, 2, 10, 100);

    assertThat(cycle.parametersAt(10)).containsExactly(2, 3, 4);
    assertThat(cycle.parametersAt(20)).containsExactly(0, 1);
    assertThat(cycle.parametersAt(30)).containsExactly(2, 3, 4);
    assertThat(cycle.parametersAt(100)).containsExactly(0, 1);
  }

  @Test
  void adjustments_areDue_atMultiplesUpToTheEnd() {
    BlockRotation cycle = new BlockRotation(5, 5, 10, 25);

    assertThat(IntStream.rangeClosed(-10, 60).filter(cycle::isDue)).containsExactly(10, 20);
    assertThat(cycle.parametersAt(0)).isEmpty();
    assertThat(cycle.parametersAt(15)).isEmpty();
    assertThat(cycle.parametersAt(30)).isEmpty();
  }

  @Test
  void blocks_moreThanParameters_areSingleParameters() {
    BlockRotation cycle = new BlockRotation(3, 5, 1, 9);

    assertThat(cycle.blocks()).isEqualTo(3);
    assertThat(IntStream.rangeClosed(1, 4).mapToObj(cycle::parametersAt))
        .containsExactly(List.of(2), List.of(1), List.of(0), List.of(2));
  }

  @Property(tries = 300, seed = "1")
  void parameters_ofOneCycle_areEachInOneBlock_ofNeighbours(
      @ForAll @IntRange(min = 1, max = 60) int parameters,
      @ForAll @IntRange(min = 1, max = 80) int blocks,
      @ForAll @IntRange(min = 1, max = 10) int every) {
    BlockRotation cycle = new BlockRotation(parameters, blocks, every, Long.MAX_VALUE);

    List<Integer> all = new ArrayList<>();
    for (int i = cycle.blocks(); i >= 1; i--) {
      assertThat(cycle.parametersAt((long) i * every)).isNotEmpty();
      all.addAll(cycle.parametersAt((long) i * every));
    }

    assertThat(all).isEqualTo(IntStream.range(0, parameters).boxed().toList());
  }

  @Test
  void cycle_ofNothing_isRefused() {
    assertThatThrownBy(() -> new BlockRotation(0, 1, 1, 1)).hasMessageContaining("parameters=0");
    assertThatThrownBy(() -> new BlockRotation(1, 0, 1, 1)).hasMessageContaining("blocks=0");
    assertThatThrownBy(() -> new BlockRotation(1, 1, 0, 1)).hasMessageContaining("every=0");
  }
}
