package io.espalier.masks.annealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.annealing.AnnealingState.AnnealingGroup;
import io.espalier.masks.annealing.Temperature.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnnealingStateTest {
  private static final List<ParameterShape> SHAPES = Networks.ofSizes(1000);
  private static final MaskSet DENSE = Networks.dense(SHAPES);

  @Test
  void cohorts_ofTwoUpdates_dieEachAtItsOwnStep() {
    Temperature temperature = new Temperature(Shape.COSINE, .5, 10);
    MaskSet first = DENSE.next(List.of(Mask.of(1000, unit -> unit < 600)));
    MaskSet second = first.next(List.of(Mask.of(1000, unit -> unit < 500)));
    AnnealingState state =
        AnnealingState.none(temperature).add(DENSE, first, 4).add(first, second, 8);
    List<Mask> kept = second.masks();

    assertThat(state.groups()).extracting(AnnealingGroup::step).containsExactly(4L, 8L);
    assertThat(state.groups())
        .extracting(AnnealingGroup::version)
        .containsExactly(new MaskVersion(1), new MaskVersion(2));
    assertThat(state.living(kept, 13)).containsExactly(Mask.allKept(1000));
    assertThat(state.living(kept, 14)).containsExactly(Mask.of(1000, unit -> unit < 600));
    assertThat(state.living(kept, 18)).isEqualTo(kept);
    assertThat(state.aliveAt(14).groups()).extracting(AnnealingGroup::step).containsExactly(8L);
    assertThat(state.aliveAt(17).groups()).isNotEmpty();
    assertThat(state.aliveAt(18).groups()).isEmpty();
  }

  @Test
  void update_thatPrunesNothing_addsNoCohort() {
    AnnealingState state =
        AnnealingState.none(new Temperature(Shape.LINEAR, .5, 10))
            .add(DENSE, DENSE.next(DENSE.masks()), 0);

    assertThat(state.groups()).isEmpty();
    assertThat(state.isOver()).isTrue();
    assertThatThrownBy(() -> new AnnealingGroup(MaskVersion.DENSE, -1, List.of()))
        .hasMessageContaining("step=-1");
  }
}
