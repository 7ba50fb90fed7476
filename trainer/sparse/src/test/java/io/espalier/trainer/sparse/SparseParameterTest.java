package io.espalier.trainer.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SparseParameterTest {
  private static final ParameterShape SHAPE =
      new ParameterShape(new ParameterId("fc.weight"), List.of(2, 4));

  private static Mask keeping(Integer... units) {
    return Mask.of(8, Set.of(units)::contains);
  }

  private static SparseParameter parameter() {
    SparseParameter parameter = SparseParameter.trained(SHAPE, keeping(1, 3, 6), 1);
    SparseParameter.pack(
        parameter.mask(), new float[] {9, 10, 9, 30, 9, 9, 60, 9}, parameter.values());
    SparseParameter.pack(
        parameter.mask(), new float[] {9, 1, 9, 3, 9, 9, 6, 9}, parameter.moment(0));
    return parameter;
  }

  @Test
  void pack_takesKeptElements_unpackRestoresThem() {
    SparseParameter parameter = parameter();
    float[] dense = {7, 7, 7, 7, 7, 7, 7, 7};

    SparseParameter.unpack(parameter.mask(), parameter.values(), dense);

    assertThat(parameter.values()).containsExactly(10, 30, 60);
    assertThat(dense).containsExactly(0, 10, 0, 30, 0, 0, 60, 0);
  }

  @Test
  void replaceMask_carriesByPosition_andStartsRegrownWithoutMoments() {
    // given
    SparseParameter parameter = parameter();

    // when
    parameter.replaceMask(keeping(0, 3, 4, 6, 7), new float[] {0.5f, 0, -0.5f});

    // then
    assertThat(parameter.values()).containsExactly(0.5f, 30, 0, 60, -0.5f);
    assertThat(parameter.moment(0)).containsExactly(0, 3, 0, 6, 0);
    assertThat(parameter.gradient()).hasSize(5);
    assertThat(parameter.mask()).isEqualTo(keeping(0, 3, 4, 6, 7));
  }

  @Test
  void replaceMask_withMissingValues_isRefused() {
    assertThatThrownBy(() -> parameter().replaceMask(keeping(0, 3), new float[0]))
        .hasMessage(
            "regrown units must have one value each: parameter=fc.weight, regrown=1, values=0");
  }

  @Test
  void replaceMask_ofAnotherSize_isRefused() {
    assertThatThrownBy(() -> parameter().replaceMask(Mask.allKept(7), new float[4]))
        .hasMessage(
            "a mask must have one unit per element: parameter=fc.weight, elements=8, units=7");
  }
}
