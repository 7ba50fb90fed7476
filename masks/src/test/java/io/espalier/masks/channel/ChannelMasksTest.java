package io.espalier.masks.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.structure.Chains;
import io.espalier.masks.structure.Groups;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ChannelMasksTest {
  /** {@code first} [3, 2] gives three channels, {@code second} [2, 3] reads them. */
  private static final Groups GROUPS = Chains.linear(2, 3, 2);

  private static final Layout DENSE = Layout.dense(GROUPS.parameters());
  private static final List<ParameterId> IDS =
      GROUPS.parameters().stream().map(ParameterShape::id).toList();

  private static List<Mask> hidden(Integer... channels) {
    List<Mask> masks = new ArrayList<>(GROUPS.allKept());
    masks.set(1, Mask.of(3, Set.of(channels)::contains));
    return masks;
  }

  private static Mask bits(String bits) {
    return Mask.of(bits.length(), i -> bits.charAt(i) == '1');
  }

  private static MaskSet masks(Layout layout, ChannelMasks.Sides sides, Integer... kept) {
    return new ChannelMasks(GROUPS, layout, IDS).of(hidden(kept), sides, new MaskVersion(4));
  }

  @Test
  void of_bothSides_masksWhatGivesAndWhatReadsAChannel() {
    MaskSet set = masks(DENSE, ChannelMasks.Sides.BOTH, 0, 2);

    assertThat(set.masks()).containsExactly(bits("110011"), bits("101101"));
    assertThat(set.version()).isEqualTo(new MaskVersion(4));
    assertThat(set.total()).isEqualTo(12);
  }

  @Test
  void of_readers_leavesWhatGivesAChannel() {
    assertThat(masks(DENSE, ChannelMasks.Sides.READERS, 0, 2).masks())
        .containsExactly(bits("111111"), bits("101101"));
  }

  @Test
  void of_aCutLayout_hasBitsForWhatIsLeftAndCountsTheWholeNetwork() {
    Layout cut = GROUPS.cut(DENSE, hidden(1, 2));

    MaskSet both = masks(cut, ChannelMasks.Sides.BOTH, 2);
    MaskSet readers = masks(cut, ChannelMasks.Sides.READERS, 2);
    MaskSet all = masks(cut, ChannelMasks.Sides.BOTH, 1, 2);

    assertThat(both.masks()).containsExactly(bits("0011"), bits("0101"));
    assertThat(readers.masks()).containsExactly(bits("1111"), bits("0101"));
    assertThat(all.kept()).isEqualTo(8);
    assertThat(all.total()).isEqualTo(12);
  }
}
