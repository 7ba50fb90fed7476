package io.espalier.masks.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.masks.Mask;
import io.espalier.masks.structure.Chains;
import io.espalier.masks.structure.Groups;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ChannelStateTest {
  /** Group 1 is that of the five hidden channels. */
  private static final Groups GROUPS = Chains.linear(2, 5, 3);

  private static List<Mask> hidden(Integer... channels) {
    List<Mask> masks = new ArrayList<>(GROUPS.allKept());
    masks.set(1, Mask.of(5, Set.of(channels)::contains));
    return masks;
  }

  private static Mask gone(List<Mask> masks) {
    assertThat(masks.get(0).kept() + masks.get(2).kept()).isZero();
    return masks.get(1);
  }

  @Test
  void updated_remembersWhenEachChannelWasPruned() {
    ChannelState state =
        ChannelState.dense(GROUPS)
            .updated(hidden(0, 1, 2, 3), false, 10)
            .updated(hidden(0, 1, 2), false, 20);

    assertThat(state.prunedAt(1, 4)).hasValue(10);
    assertThat(state.prunedAt(1, 3)).hasValue(20);
    assertThat(state.prunedAt(1, 0)).isEmpty();
    assertThat(gone(state.pruned())).isEqualTo(hidden(3, 4).get(1));
  }

  @Test
  void settled_countsStepsWithoutABreak() {
    ChannelState state =
        ChannelState.dense(GROUPS)
            .updated(hidden(0, 1, 2), true, 10)
            .updated(hidden(0, 1, 2, 4), true, 20)
            .updated(hidden(0, 1, 2), true, 30);

    assertThat(gone(state.settled(34, 25)).kept()).isZero();
    assertThat(gone(state.settled(35, 25))).isEqualTo(hidden(3).get(1));
    assertThat(gone(state.settled(55, 25))).isEqualTo(hidden(3, 4).get(1));
    assertThat(gone(state.settled(30, 0))).isEqualTo(hidden(3, 4).get(1));
  }

  @Test
  void cut_channelsAreNeitherPresentNorCandidatesNorSettledAgain() {
    ChannelState pruned = ChannelState.dense(GROUPS).updated(hidden(0, 1, 2), true, 10);

    ChannelState cut = pruned.cut(pruned.settled(20, 10));

    assertThat(pruned.isCut()).isFalse();
    assertThat(cut.isCut()).isTrue();
    assertThat(cut.present()).isEqualTo(hidden(0, 1, 2));
    assertThat(cut.candidates(true)).isEqualTo(hidden(0, 1, 2));
    assertThat(gone(cut.settled(90, 10)).kept()).isZero();
    assertThat(cut.prunedAt(1, 3)).isEmpty();
    assertThatThrownBy(() -> cut.updated(hidden(0, 3), true, 30))
        .hasMessageContaining("an update must keep candidates only");
  }

  @Test
  void updated_hardMasks_prunedChannelsStayPruned() {
    ChannelState pruned = ChannelState.dense(GROUPS).updated(hidden(0, 1), false, 10);

    assertThat(pruned.candidates(false)).isEqualTo(hidden(0, 1));
    assertThatThrownBy(() -> pruned.updated(hidden(0, 1, 2), false, 20))
        .hasMessageContaining("an update must keep candidates only");
    assertThat(pruned.updated(hidden(0, 2), true, 20).kept()).isEqualTo(hidden(0, 2));
  }

  @Test
  void cut_ofKeptChannels_isRefused() {
    ChannelState state = ChannelState.dense(GROUPS).updated(hidden(0, 1), false, 10);

    assertThatThrownBy(() -> state.cut(hidden(1, 2, 3)))
        .hasMessageContaining("only pruned channels must be cut");
  }
}
