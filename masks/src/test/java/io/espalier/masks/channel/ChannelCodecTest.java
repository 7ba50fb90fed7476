package io.espalier.masks.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.masks.Mask;
import io.espalier.masks.codec.DamagedMaskException;
import io.espalier.masks.structure.Chains;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.Groups;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class ChannelCodecTest {
  private static ChannelState some(Groups groups, long seed) {
    Random random = new Random(seed);
    ChannelState state = ChannelState.dense(groups);
    for (int update = 1; update <= 3; update++) {
      List<Mask> kept = new ArrayList<>(state.kept());
      Mask candidates = state.present().get(1);
      int always = candidates.nextKept(0);
      kept.set(
          1,
          Mask.of(
              candidates.size(),
              c -> c == always || (candidates.isKept(c) && random.nextInt(4) > 0)));
      state = state.updated(kept, true, update * 10L);
      state = random.nextBoolean() ? state.weighed(weights(groups, random)) : state;
      state = random.nextBoolean() ? state.cut(state.settled(update * 10L, 10)) : state;
    }
    return state;
  }

  private static List<float[]> weights(Groups groups, Random random) {
    List<float[]> weights = new ArrayList<>();
    for (Group group : groups.all()) {
      float[] each = new float[group.channels()];
      for (int c = 0; c < each.length; c++) {
        each[c] = random.nextFloat();
      }
      weights.add(each);
    }
    return weights;
  }

  @Property(tries = 300, seed = "1")
  void decode_ofEncoded_isTheSame(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int hidden) {
    Groups groups = Chains.linear(3, hidden, 2);
    ChannelState state = some(groups, seed);

    assertThat(ChannelCodec.decode(ChannelCodec.encode(state), groups)).isEqualTo(state);
  }

  @Test
  void decode_ofImportancesThatCannotBe_isRefused() {
    Groups groups = Chains.linear(3, 2, 2);
    ChannelState state = ChannelState.dense(groups).weighed(weights(groups, new Random(1)));

    for (float wrong : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY}) {
      byte[] bytes = ChannelCodec.encode(state);
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, wrong);
      assertThatThrownBy(() -> ChannelCodec.decode(bytes, groups))
          .isInstanceOf(DamagedMaskException.class)
          .hasMessageContaining("of an importance of 0 or more");
    }
  }

  @Test
  void encode_isAWordForSixtyFourChannelsAndAStepForEachPrunedOne() {
    Groups groups = Chains.linear(3, 65, 2);
    List<Mask> kept = new ArrayList<>(groups.allKept());
    kept.set(1, Mask.of(65, channel -> channel > 4));
    ChannelState pruned = ChannelState.dense(groups).updated(kept, false, 7);

    assertThat(ChannelCodec.encode(ChannelState.dense(groups)))
        .hasSize(3 * 4 + 2 * 8 * (1 + 2 + 1));
    assertThat(ChannelCodec.encode(pruned)).hasSize(3 * 4 + 2 * 8 * (1 + 2 + 1) + 5 * 8);
    assertThat(ChannelCodec.encode(pruned.cut(pruned.pruned())))
        .hasSize(3 * 4 + 2 * 8 * (1 + 2 + 1));
  }

  @Property(tries = 300, seed = "1")
  void decode_ofDamagedBytes_isRefusedOrAnotherState(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 10_000) int bit) {
    Groups groups = Chains.linear(3, 40, 2);
    ChannelState state = some(groups, seed);
    byte[] bytes = ChannelCodec.encode(state);
    bytes[bit / 8 % bytes.length] ^= (byte) (1 << bit % 8);

    try {
      assertThat(ChannelCodec.decode(bytes, groups)).isNotEqualTo(state);
    } catch (DamagedMaskException e) {
      assertThat(e).hasMessageContaining("channels must");
    }
  }

  @Test
  void decode_ofOtherLengthsOrGroups_isRefused() {
    Groups groups = Chains.linear(3, 40, 2);
    byte[] bytes = ChannelCodec.encode(some(groups, 1));

    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> ChannelCodec.decode(cut, groups))
          .isInstanceOf(DamagedMaskException.class);
    }
    assertThatThrownBy(() -> ChannelCodec.decode(Arrays.copyOf(bytes, bytes.length + 1), groups))
        .isInstanceOf(DamagedMaskException.class)
        .hasMessageContaining("bytes behind=1");
    assertThatThrownBy(() -> ChannelCodec.decode(bytes, Chains.linear(3, 41, 2)))
        .isInstanceOf(DamagedMaskException.class)
        .hasMessageContaining("channels=41");
  }

  @Test
  void decode_aLayerWithoutChannelsOrAnInputThatIsGone_isRefused() {
    Groups groups = Chains.linear(3, 40, 2);
    byte[] empty = ChannelCodec.encode(ChannelState.dense(groups));
    Arrays.fill(empty, 24 + 8, 24 + 24, (byte) 0);
    byte[] blind = ChannelCodec.encode(ChannelState.dense(groups));
    blind[12] = 1;

    assertThatThrownBy(() -> ChannelCodec.decode(empty, groups))
        .isInstanceOf(DamagedMaskException.class);
    assertThatThrownBy(() -> ChannelCodec.decode(blind, groups))
        .isInstanceOf(DamagedMaskException.class)
        .hasMessageContaining("all where none may go");
  }
}
