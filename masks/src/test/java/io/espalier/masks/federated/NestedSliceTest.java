package io.espalier.masks.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.structure.Chains;
import io.espalier.masks.structure.Groups;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NestedSliceTest {
  private final Groups groups = Chains.linear(2, 5, 3);

  @Test
  void half_ofFiveChannels_isTheFirstThree() {
    NestedSlice half = slice(groups, .5);

    assertThat(half.layout().shapes())
        .extracting(ParameterShape::dimensions)
        .containsExactly(List.of(3, 2), List.of(3, 3));
    assertThat(half.narrowed(1, new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}))
        .containsExactly(0, 1, 2, 5, 6, 7, 10, 11, 12);
    assertThat(half.widened(0, new float[] {1, 2, 3, 4, 5, 6}))
        .containsExactly(1, 2, 3, 4, 5, 6, 0, 0, 0, 0);
    assertThat(half.widened(1, Networks.mask("010110001")))
        .isEqualTo(Networks.mask("010001100000100"));
  }

  @Test
  void masks_ofASlice_areThoseOfTheWholeNetworkThere() {
    MaskSet dense = dense(groups);
    MaskSet global = dense.next(Networks.masks("0110100101", "101010101010101"));

    MaskSet narrow = slice(groups, .2).narrowed(global);

    assertThat(narrow.masks()).isEqualTo(Networks.masks("01", "101"));
    assertThat(narrow.version()).isEqualTo(global.version());
    assertThat(narrow.total()).isEqualTo(global.total());
  }

  @Property(tries = 200, seed = "8")
  void slices_areNested_andTheFullWidthIsAll(
      @ForAll @IntRange(min = 1, max = 40) int inputs,
      @ForAll @IntRange(min = 1, max = 40) int hidden,
      @ForAll @IntRange(min = 1, max = 40) int outputs,
      @ForAll @DoubleRange(min = .01, max = 1) double one,
      @ForAll @DoubleRange(min = .01, max = 1) double other) {
    Groups chain = Chains.linear(inputs, hidden, outputs);
    NestedSlice narrow = slice(chain, Math.min(one, other));
    NestedSlice wide = slice(chain, Math.max(one, other));

    for (int p = 0; p < chain.parameters().size(); p++) {
      Mask small = all(narrow, p);
      assertThat(small.andNot(all(wide, p)).kept()).isZero();
      assertThat(small.kept()).isEqualTo(narrow.layout().shapes().get(p).size()).isPositive();
      assertThat(all(slice(chain, 1), p).pruned()).isZero();
    }
    assertThat(narrow.layout().shapes().get(0).dimensions())
        .containsExactly(
            Math.max(1, (int) Math.ceil(Math.min(one, other) * hidden - 1e-9)), inputs);
  }

  @Property(tries = 100, seed = "9")
  void values_widenedAndNarrowedAgain_areTheSame(
      @ForAll @IntRange(min = 1, max = 30) int hidden,
      @ForAll @DoubleRange(min = .01, max = 1) double width,
      @ForAll long seed) {
    NestedSlice slice = slice(Chains.linear(3, hidden, 4), width);
    float[] values = Networks.weights(slice.layout().shapes(), seed).get(1);

    assertThat(slice.narrowed(1, slice.widened(1, values))).isEqualTo(values);
  }

  @Test
  void width_beyondTheNetworkOrNone_isRefused() {
    assertThatThrownBy(() -> PrefixChannels.kept(groups, 0)).hasMessageContaining("width=0.0");
    assertThatThrownBy(() -> PrefixChannels.kept(groups, 1.01)).hasMessageContaining("width=1.01");
    assertThatThrownBy(() -> slice(groups, .5).narrowed(0, new float[9]))
        .hasMessageContaining("values=9, expected=10");
    assertThatThrownBy(() -> slice(groups, .5).widened(0, new float[7]))
        .hasMessageContaining("values=7, expected=6");
  }

  private static NestedSlice slice(Groups groups, double width) {
    Layout whole = Layout.dense(groups.parameters());
    return NestedSlice.of(groups.cut(whole, PrefixChannels.kept(groups, width)));
  }

  private static Mask all(NestedSlice slice, int parameter) {
    return slice.widened(parameter, Mask.allKept(slice.layout().shapes().get(parameter).size()));
  }

  private static MaskSet dense(Groups groups) {
    Layout whole = Layout.dense(groups.parameters());
    return MaskSet.dense(whole, whole.shapes().stream().map(ParameterShape::id).toList());
  }
}
