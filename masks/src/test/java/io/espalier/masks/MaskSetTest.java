package io.espalier.masks;

import static io.espalier.masks.Networks.mask;
import static io.espalier.masks.Networks.masks;
import static io.espalier.masks.Networks.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class MaskSetTest {
  private static final ParameterShape WEIGHT = shape("a.weight", 2, 3);
  private static final ParameterShape BIAS = shape("a.bias", 2);
  private static final ParameterShape OUTPUT = shape("b.weight", 4, 2);
  private static final Layout LAYOUT = Layout.dense(List.of(WEIGHT, BIAS, OUTPUT));
  private static final List<ParameterId> PRUNABLE = List.of(WEIGHT.id(), OUTPUT.id());

  @Test
  void dense_ofALayout_keepsEveryPrunableUnit() {
    MaskSet dense = MaskSet.dense(LAYOUT, PRUNABLE);

    assertThat(dense.version()).isEqualTo(MaskVersion.DENSE);
    assertThat(dense.kept()).isEqualTo(14);
    assertThat(dense.total()).isEqualTo(14);
    assertThat(dense.sparsity()).isZero();
    assertThat(dense.isPrunable(BIAS.id())).isFalse();
    assertThatThrownBy(() -> dense.mask(BIAS.id())).hasMessageContaining("parameter=a.bias");
  }

  @Test
  void next_withMasks_raisesTheVersion() {
    MaskSet next = MaskSet.dense(LAYOUT, PRUNABLE).next(masks("110000", "11111000"));

    assertThat(next.version()).isEqualTo(new MaskVersion(1));
    assertThat(next.kept()).isEqualTo(7);
    assertThat(next.sparsity()).isEqualTo(.5);
    assertThat(next.mask(WEIGHT.id())).isEqualTo(mask("110000"));
  }

  @Test
  void digest_ofEqualSets_isEqual_andNamesEveryPart() {
    MaskSet set = MaskSet.dense(LAYOUT, PRUNABLE).next(masks("110000", "11111000"));
    MaskSet same = MaskSet.dense(LAYOUT, PRUNABLE).next(masks("110000", "11111000"));
    MaskSet otherBits = MaskSet.dense(LAYOUT, PRUNABLE).next(masks("101000", "11111000"));
    MaskSet otherVersion = set.next(set.masks());

    assertThat(set.digest()).hasSize(64).isEqualTo(same.digest());
    assertThat(set).isEqualTo(same).hasSameHashCodeAs(same);
    assertThat(set.digest()).isNotEqualTo(otherBits.digest()).isNotEqualTo(otherVersion.digest());
    assertThat(set).isNotEqualTo(otherBits).isNotEqualTo(otherVersion);
  }

  @Test
  void of_withParametersOutOfOrderOrUnknown_isRefused() {
    assertThatThrownBy(() -> MaskSet.dense(LAYOUT, List.of(OUTPUT.id(), WEIGHT.id())))
        .hasMessageContaining("in its order");
    assertThatThrownBy(() -> MaskSet.dense(LAYOUT, List.of(new ParameterId("c"))))
        .hasMessageContaining("of the layout");
    assertThatThrownBy(() -> MaskSet.dense(LAYOUT, PRUNABLE).next(masks("110000")))
        .hasMessageContaining("masks=1");
    assertThatThrownBy(() -> MaskSet.dense(LAYOUT, PRUNABLE).next(masks("11", "11111000")))
        .hasMessage("a mask must have one bit per unit: parameter=a.weight, units=6, bits=2");
  }

  @Test
  void cut_ofAnAxis_shrinksShapes_butNotTheTotal() {
    Layout cut = LAYOUT.cut(WEIGHT.id(), 0, mask("01")).cut(BIAS.id(), 0, mask("01"));

    assertThat(cut.isDense()).isFalse();
    assertThat(cut.digest()).isNotEqualTo(LAYOUT.digest());
    assertThat(cut.shapes()).containsExactly(shape("a.weight", 1, 3), shape("a.bias", 1), OUTPUT);
    assertThat(cut.surviving(WEIGHT.id(), 0)).isEqualTo(mask("01"));
    MaskSet set = MaskSet.dense(cut, PRUNABLE);
    assertThat(set.total()).isEqualTo(14);
    assertThat(set.kept()).isEqualTo(11);
    assertThatThrownBy(() -> cut.cut(WEIGHT.id(), 0, mask("10")))
        .hasMessageContaining("must leave some of the indices that survive");
  }

  @Test
  void layout_withOneNameTwice_isRefused() {
    assertThat(LAYOUT.isDense()).isTrue();
    assertThat(LAYOUT).isEqualTo(Layout.dense(LAYOUT.shapes()));
    assertThatThrownBy(() -> Layout.dense(List.of(BIAS, BIAS)))
        .hasMessage("a parameter's name must be unique: name=a.bias");
  }

  @Test
  void names_shapesAndVersions_outOfRange_areRefused() {
    assertThat(new ParameterId("a")).hasToString("a");
    assertThatThrownBy(() -> new ParameterId(" ")).hasMessageContaining("blank");
    assertThatThrownBy(() -> new MaskVersion(-1)).hasMessageContaining("number=-1");
    assertThatThrownBy(() -> shape("a", 65536, 65536)).hasMessageContaining("below 2^31");
    assertThatThrownBy(() -> shape("a", 0)).hasMessageContaining("1 or more");
    assertThat(shape("a", 2, 3, 4).size()).isEqualTo(24);
    assertThat(MaskVersion.DENSE).isLessThan(MaskVersion.DENSE.next());
  }
}
