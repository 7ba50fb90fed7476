package io.espalier.masks.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class MaskCodecPropertiesTest {
  @Property(tries = 300, seed = "1")
  void masks_ofAnyDensity_comeBack(
      @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 300) Integer> sizes,
      @ForAll @DoubleRange(min = 0, max = 1) double first,
      @ForAll @DoubleRange(min = 0, max = 1) double second,
      @ForAll long seed) {
    MaskSet from = random(sizes, first, seed);
    MaskSet to = from.next(random(sizes, second, ~seed).masks());

    assertThat(MaskCodec.decodeDelta(MaskCodec.encodeDelta(from, to), from)).isEqualTo(to);
    assertThat(MaskCodec.decodeFull(MaskCodec.encodeFull(to), to.layout(), to.parameters()))
        .isEqualTo(to);
    assertThat(MaskCodec.decode(MaskCodec.encode(from, to), from)).isEqualTo(to);
  }

  @Property(tries = 500, seed = "2")
  void bytes_withOneChangedOrCutOff_areRefused(
      @ForAll @DoubleRange(min = 0, max = 1) double density,
      @ForAll boolean cut,
      @ForAll @IntRange(min = 1, max = 255) int change,
      @ForAll long seed) {
    MaskSet from = random(List.of(100, 700), .8, seed);
    byte[] bytes =
        MaskCodec.encode(from, from.next(random(List.of(100, 700), density, ~seed).masks()));
    int place = new Random(seed).nextInt(bytes.length);
    byte[] damaged = cut ? Arrays.copyOf(bytes, place) : bytes.clone();
    if (!cut) {
      damaged[place] ^= (byte) change;
    }

    assertThatThrownBy(() -> MaskCodec.decode(damaged, from))
        .isInstanceOf(DamagedMaskException.class);
  }

  /** Random masks behind a header and a checksum that are right: as a hostile peer would send. */
  @Property(tries = 3000, seed = "3")
  void masks_ofRandomBits_areRefusedOrValid(
      @ForAll boolean delta,
      @ForAll @Size(max = 120) List<@IntRange(min = 0, max = 255) Integer> body) {
    MaskSet from = random(List.of(100, 700), .8, 1);
    byte[] genuine =
        delta ? MaskCodec.encodeDelta(from, from.next(from.masks())) : MaskCodec.encodeFull(from);
    int header = delta ? 24 : 16;
    ByteBuffer forged =
        ByteBuffer.allocate(header + body.size() + 4).order(ByteOrder.LITTLE_ENDIAN);
    forged.put(genuine, 0, header);
    body.forEach(value -> forged.put(value.byteValue()));
    CRC32C crc = new CRC32C();
    crc.update(forged.array(), 0, forged.position());
    forged.putInt((int) crc.getValue());

    try {
      MaskSet decoded = MaskCodec.decode(forged.array(), from);
      assertThat(decoded.masks()).extracting(Mask::size).containsExactly(100, 700);
    } catch (DamagedMaskException expected) {
      assertThat(expected).hasMessageContaining(" must ");
    }
  }

  private static MaskSet random(List<Integer> sizes, double density, long seed) {
    List<ParameterShape> shapes = Networks.ofSizes(sizes.toArray(new Integer[0]));
    List<Mask> masks = new ArrayList<>();
    for (int p = 0; p < sizes.size(); p++) {
      masks.add(Networks.randomMask(sizes.get(p), density, seed + p));
    }
    return Networks.dense(shapes).next(masks);
  }
}
