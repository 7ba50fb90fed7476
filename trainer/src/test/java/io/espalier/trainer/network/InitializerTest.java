package io.espalier.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InitializerTest {
  private static ParameterSpec spec(Role role, int size, int fanIn) {
    ParameterShape shape = new ParameterShape(new ParameterId("p"), List.of(size));
    return new ParameterSpec(shape, role, fanIn, 0);
  }

  @Test
  void initial_weight_hasMeanZeroAndVarianceTwoByFanIn() {
    float[] values = Initializer.initial(spec(Role.WEIGHT, 100_000, 50), 7, 0);

    double sum = 0;
    double squares = 0;
    for (float value : values) {
      sum += value;
      squares += value * value;
    }
    assertThat(sum / values.length).isCloseTo(0, within(0.003));
    assertThat(squares / values.length).isCloseTo(2.0 / 50, within(0.001));
  }

  @Test
  void initial_weight_keepsTheseBits() {
    assertThat(Initializer.initial(spec(Role.WEIGHT, 3, 2), 42, 0))
        .containsExactly(-1.1211544f, -0.2873879f, -2.9365244f);
  }

  @Test
  void initial_otherSeedOrIndex_drawsOtherValues() {
    ParameterSpec weight = spec(Role.WEIGHT, 8, 2);

    float[] values = Initializer.initial(weight, 1, 1);

    assertThat(values).isEqualTo(Initializer.initial(weight, 1, 1));
    assertThat(values).isNotEqualTo(Initializer.initial(weight, 1, 2));
    assertThat(values).isNotEqualTo(Initializer.initial(weight, 2, 1));
  }

  @Test
  void initial_everyOtherRole_isConstant() {
    assertThat(Initializer.initial(spec(Role.BIAS, 2, 2), 1, 0)).containsExactly(0, 0);
    assertThat(Initializer.initial(spec(Role.NORM_SCALE, 2, 1), 1, 0)).containsExactly(1, 1);
    assertThat(Initializer.initial(spec(Role.NORM_SHIFT, 2, 1), 1, 0)).containsExactly(0, 0);
    assertThat(Initializer.initial(spec(Role.RUNNING_MEAN, 2, 1), 1, 0)).containsExactly(0, 0);
    assertThat(Initializer.initial(spec(Role.RUNNING_VARIANCE, 2, 1), 1, 0)).containsExactly(1, 1);
  }
}
