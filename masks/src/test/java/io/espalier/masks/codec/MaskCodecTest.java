package io.espalier.masks.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskCodecTest {
  private static final int MILLION = 1 << 20;

  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-6, .001, .01, .05, .1, .2, .3, .382, .45, .5, .7, .9, .99, 1})
  void full_ofAMillionUnits_isNearItsEntropy_andComesBack(double density) {
    MaskSet set = random(Networks.ofSizes(MILLION, 64 * 1024), density);

    byte[] bytes = MaskCodec.encodeFull(set);

    assertThat(MaskCodec.decodeFull(bytes, set.layout(), set.parameters())).isEqualTo(set);
    double entropy = set.masks().stream().mapToDouble(mask -> bits(mask.kept(), mask.size())).sum();
    assertThat(8.0 * bytes.length).isLessThanOrEqualTo(1.1 * entropy + 8 * 40);
  }

  @ParameterizedTest
  @ValueSource(doubles = {.001, .01, .05, .2, .38, .5})
  void delta_ofASetThatShrinks_isNearTheEntropyOverItsKeptUnits(double share) {
    MaskSet from = random(Networks.ofSizes(2 * MILLION), .3);
    Mask before = from.masks().get(0);
    MaskSet to = from.next(List.of(before.andNot(Networks.randomMask(before.size(), share, 5))));

    byte[] bytes = MaskCodec.encodeDelta(from, to);

    assertThat(MaskCodec.decodeDelta(bytes, from)).isEqualTo(to);
    int pruned = before.kept() - to.masks().get(0).kept();
    assertThat(8.0 * bytes.length).isLessThanOrEqualTo(1.1 * bits(pruned, before.kept()));
  }

  @ParameterizedTest
  @ValueSource(doubles = {.001, .01, .05})
  void delta_ofASetWithReturns_isNearTheEntropyOverAllUnits(double share) {
    MaskSet from = random(Networks.ofSizes(MILLION), .1);
    Mask before = from.masks().get(0);
    Mask turned = Networks.randomMask(before.size(), share, 5);
    MaskSet to = from.next(List.of(before.andNot(turned).or(turned.andNot(before))));

    byte[] bytes = MaskCodec.encodeDelta(from, to);

    assertThat(MaskCodec.decodeDelta(bytes, from)).isEqualTo(to);
    assertThat(8.0 * bytes.length).isLessThanOrEqualTo(1.1 * bits(turned.kept(), MILLION));
  }

  @Test
  void encode_choosesTheSmaller_andDecodeTellsThemApart() {
    MaskSet dense = Networks.dense(Networks.ofSizes(5000));
    MaskSet few = dense.next(List.of(Networks.randomMask(5000, .01, 1)));
    MaskSet other = few.next(List.of(Networks.randomMask(5000, .01, 2)));
    MaskSet close = few.next(List.of(Mask.of(5000, u -> u != 17 && few.masks().get(0).isKept(u))));

    for (MaskSet to : List.of(other, close)) {
      byte[] bytes = MaskCodec.encode(few, to);
      assertThat(bytes.length)
          .isEqualTo(
              Math.min(MaskCodec.encodeFull(to).length, MaskCodec.encodeDelta(few, to).length));
      assertThat(MaskCodec.decode(bytes, few)).isEqualTo(to);
    }
    assertThat(MaskCodec.encodeDelta(dense, few)[3]).isEqualTo((byte) 1);
    assertThat(MaskCodec.decode(MaskCodec.encodeFull(few), dense)).isEqualTo(few);
  }

  @Test
  void masks_ofClusteredUnits_comeBack() {
    List<ParameterShape> shapes = Networks.ofSizes(1, 63, 64, 65, 10_000);
    MaskSet set =
        Networks.dense(shapes)
            .next(
                List.of(
                    Mask.noneKept(1),
                    Mask.allKept(63),
                    Mask.of(64, u -> u == 63),
                    Mask.of(65, u -> u < 64),
                    Mask.of(10_000, u -> u >= 9_990 || u == 5)));

    byte[] full = MaskCodec.encodeFull(set);
    byte[] delta = MaskCodec.encodeDelta(Networks.dense(shapes), set);

    assertThat(MaskCodec.decodeFull(full, set.layout(), set.parameters())).isEqualTo(set);
    assertThat(MaskCodec.decodeDelta(delta, Networks.dense(shapes))).isEqualTo(set);
  }

  @Test
  void bytes_ofASmallSet_areTheDocumentedOnes() {
    MaskSet set = Networks.dense(Networks.ofSizes(8)).next(Networks.masks("11001010"));

    byte[] bytes = MaskCodec.encodeFull(set);

    // 1 (some are kept), 4 in 4 bits, parameter 0 in 5 bits, then the units: 18 bits.
    assertThat(bytes).hasSize(16 + 3 + 4);
    assertThat(HexFormat.of().formatHex(bytes, 0, 8)).isEqualTo("454d010001000000");
    assertThat(HexFormat.of().formatHex(bytes, 16, 19)).isEqualTo("094c01");
  }

  @Test
  void bytes_thatDoNotFit_areRefusedWithTheReason() {
    MaskSet dense = Networks.dense(Networks.ofSizes(5000));
    MaskSet one = dense.next(List.of(Networks.randomMask(5000, .5, 1)));
    MaskSet sibling = dense.next(List.of(Networks.randomMask(5000, .5, 2)));
    MaskSet two = one.next(List.of(one.masks().get(0).and(sibling.masks().get(0))));
    MaskSet elsewhere = Networks.dense(Networks.ofSizes(5001));
    Layout layout = dense.layout();
    byte[] full = MaskCodec.encodeFull(one);
    byte[] delta = MaskCodec.encodeDelta(one, two);

    assertThatThrownBy(() -> MaskCodec.decodeDelta(delta, sibling))
        .isInstanceOf(DamagedMaskException.class)
        .hasMessageContaining("delta from the mask set that is held");
    assertThatThrownBy(() -> MaskCodec.decodeDelta(full, one)).hasMessageContaining("hold a delta");
    assertThatThrownBy(() -> MaskCodec.decodeFull(delta, layout, one.parameters()))
        .hasMessageContaining("hold a full mask set");
    assertThatThrownBy(() -> MaskCodec.decode(full, elsewhere))
        .hasMessageContaining("be of the layout");
    assertThatThrownBy(() -> MaskCodec.decode(new byte[100_000], one))
        .hasMessageContaining("must fit the layout: bytes=100000");
    assertThatThrownBy(() -> MaskCodec.encodeDelta(two, one))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("later set");
  }

  private static MaskSet random(List<ParameterShape> shapes, double density) {
    MaskSet dense = Networks.dense(shapes);
    return dense.next(
        dense.masks().stream()
            .map(mask -> Networks.randomMask(mask.size(), density, 1 + mask.size()))
            .toList());
  }

  /** Entropy of {@code kept} of {@code size} independent units, in bits. */
  private static double bits(double kept, double size) {
    double share = kept / size;
    return share == 0 || share == 1
        ? 0
        : -size * (share * log2(share) + (1 - share) * log2(1 - share));
  }

  private static double log2(double value) {
    return Math.log(value) / Math.log(2);
  }
}
