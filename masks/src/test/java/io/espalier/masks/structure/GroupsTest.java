package io.espalier.masks.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GroupsTest {
  private static final ParameterId FIRST = new ParameterId("first");
  private static final ParameterId SECOND = new ParameterId("second");

  private final Groups groups = Chains.linear(2, 4, 3);
  private final Layout dense = Layout.dense(groups.parameters());
  private final Group hidden =
      groups.all().stream().filter(Group::isPrunable).findFirst().orElseThrow();

  private List<Mask> keeping(Group group, Integer... channels) {
    List<Mask> kept = new ArrayList<>(groups.allKept());
    kept.set(group.id(), Mask.of(group.channels(), List.of(channels)::contains));
    return kept;
  }

  @Test
  void cut_ofAHiddenChannel_takesItsRowAndItsColumn() {
    Layout cut = groups.cut(dense, keeping(hidden, 0, 2, 3));

    assertThat(cut.shapes())
        .extracting(ParameterShape::dimensions)
        .containsExactly(List.of(3, 2), List.of(3, 3));
    assertThat(AxisSlices.originalIndices(cut, FIRST)).containsExactly(0, 1, 4, 5, 6, 7);
    assertThat(AxisSlices.originalIndices(cut, SECOND))
        .containsExactly(0, 2, 3, 4, 6, 7, 8, 10, 11);
  }

  @Test
  void cut_ofNothing_isTheDenseLayout() {
    assertThat(groups.cut(dense, groups.allKept())).isEqualTo(dense);
  }

  @Test
  void cut_again_isOfTheOriginalChannels() {
    Layout once = groups.cut(dense, keeping(hidden, 0, 2, 3));

    assertThat(groups.cut(once, keeping(hidden, 2)))
        .isEqualTo(groups.cut(dense, keeping(hidden, 2)));
  }

  @Test
  void cut_ofTheComplement_isRefused() {
    Layout once = groups.cut(dense, keeping(hidden, 0, 2, 3));

    assertThatThrownBy(() -> groups.cut(once, keeping(hidden, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must leave some of the indices that survive")
        .hasMessageContaining("parameter=first");
  }

  @Test
  void cut_ofAllChannelsOrOfOnesThatMustStay_isRefused() {
    Group input = groups.all().get(0);

    assertThatThrownBy(() -> groups.cut(dense, keeping(hidden)))
        .hasMessageContaining("a group must keep a channel");
    assertThatThrownBy(() -> groups.cut(dense, keeping(input, 0)))
        .hasMessageContaining("NETWORK_INPUT");
    assertThatThrownBy(() -> groups.cut(dense, groups.allKept().subList(0, 2)))
        .hasMessage("there must be one mask per group: groups=3, masks=2");
  }

  @Test
  void group_whoseMembersMissChannels_isRefused() {
    GroupMember member = new GroupMember(FIRST, 0, 1, new int[] {0, 1});

    assertThatThrownBy(() -> new Group(0, 3, List.of(member), hidden.obstacle()))
        .hasMessageContaining("channels=3, members=[first axis 0]");
  }
}
