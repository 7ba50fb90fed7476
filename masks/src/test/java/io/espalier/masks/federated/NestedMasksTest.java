package io.espalier.masks.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NestedMasksTest {
  @Test
  void device_belowTheGlobalDensity_getsTheBestUnitsOfTheWholeNetwork() {
    MaskSet global = Networks.dense(Networks.ofSizes(5, 5)).next(Networks.masks("11110", "11000"));
    List<float[]> weights =
        List.of(new float[] {1, -4, .5f, 3, 99}, new float[] {-2, .1f, 99, 0, 0});

    MaskSet device = NestedMasks.of(global, weights).within(.35);

    assertThat(device.masks()).isEqualTo(Networks.masks("01010", "10000"));
    assertThat(device.version()).isEqualTo(global.version());
    assertThat(device.layout()).isEqualTo(global.layout());
  }

  @Test
  void device_atOrAboveTheGlobalDensity_getsTheGlobalMasks() {
    MaskSet global = random(5000, .1, 1);
    NestedMasks nested = NestedMasks.of(global, weights(5000, 1, false));

    assertThat(nested.within((double) global.kept() / global.total())).isEqualTo(global);
    assertThat(nested.within(1)).isEqualTo(global);
  }

  @Test
  void cap_ofMillionsOfUnits_isExact() {
    MaskSet global = Networks.dense(List.of(Networks.shape("a", 1000, 1000)));
    NestedMasks nested = NestedMasks.of(global, List.of(new float[1_000_000]));

    assertThat(nested.within(.29).kept()).isEqualTo(290_000);
    assertThat(nested.within(0).kept()).isZero();
    assertThat(nested.within(5e-7).kept()).isZero();
    assertThat(nested.within(1e-6).kept()).isEqualTo(1);
  }

  @Property(tries = 300, seed = "1")
  void masks_ofSmallerDevices_areSubsets_withExactCounts(
      @ForAll @IntRange(min = 1, max = 300) int size,
      @ForAll @DoubleRange(min = 0, max = 1) double density,
      @ForAll @DoubleRange(min = 0, max = 1) double cap,
      @ForAll @DoubleRange(min = 0, max = 1) double otherCap,
      @ForAll boolean ties,
      @ForAll long seed) {
    MaskSet global = random(size, density, seed);
    NestedMasks nested = NestedMasks.of(global, weights(size, seed, ties));

    MaskSet small = nested.within(Math.min(cap, otherCap));
    MaskSet large = nested.within(Math.max(cap, otherCap));

    long most = (long) Math.floor(Math.min(cap, otherCap) * global.total() + 1e-9);
    assertThat(small.kept()).isEqualTo(Math.min(most, global.kept()));
    for (int p = 0; p < global.masks().size(); p++) {
      Mask held = small.masks().get(p);
      assertThat(held.andNot(large.masks().get(p)).kept()).isZero();
      assertThat(large.masks().get(p).andNot(global.masks().get(p)).kept()).isZero();
    }
    assertThat(small.version()).isEqualTo(global.version());
  }

  @Test
  void ties_goToTheLastUnits_asEverywhere() {
    MaskSet global = Networks.dense(Networks.ofSizes(3, 3));
    List<float[]> equal = List.of(new float[] {1, -1, 1}, new float[] {1, 1, -1});

    assertThat(NestedMasks.of(global, equal).within(.67).masks())
        .isEqualTo(Networks.masks("001", "111"));
  }

  @Test
  void cap_outsideZeroToOne_isRefused() {
    NestedMasks nested = NestedMasks.of(random(10, 1, 1), weights(10, 1, false));

    assertThatThrownBy(() -> nested.within(1.1)).hasMessageContaining("share=1.1");
    assertThatThrownBy(() -> NestedMasks.of(random(10, 1, 1), weights(11, 1, false)))
        .hasMessageContaining("one score per unit");
  }

  private static MaskSet random(int size, double density, long seed) {
    List<ParameterShape> shapes = Networks.ofSizes(size, size + 3);
    return Networks.dense(shapes)
        .next(
            List.of(
                Networks.randomMask(size, density, seed),
                Networks.randomMask(size + 3, density, ~seed)));
  }

  private static List<float[]> weights(int size, long seed, boolean ties) {
    Random random = new Random(seed);
    List<float[]> weights = new ArrayList<>();
    for (int length : new int[] {size, size + 3}) {
      float[] values = new float[length];
      for (int unit = 0; unit < length; unit++) {
        values[unit] = ties ? random.nextInt(5) - 2 : (float) random.nextGaussian();
      }
      weights.add(values);
    }
    return weights;
  }
}
