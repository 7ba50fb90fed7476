package io.espalier.masks.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CostTest {
  @Test
  void cost_ofAChain_isTheClosedForm() {
    Groups groups = Chains.linear(20, 30, 10);

    Cost cost = Cost.of(groups, id -> 1);

    assertThat(cost.dense()).isEqualTo(20 * 30 + 30 * 10);
    assertThat(cost.ofChannel(groups.all().get(1))).isEqualTo(20 + 10);
    assertThat(cost.of(List.of(20, 7, 10))).isEqualTo(7 * 30);
  }

  @Test
  void cost_ofHalvedConvolutions_isAQuarterInside() {
    DependencyGraph wiring = new DependencyGraph();
    ChannelPort middle = wiring.channels(64);
    ChannelPort first = wiring.channels(3);
    ChannelPort last = wiring.channels(64);
    wiring.index(Chains.shape("stem", 64, 3, 3, 3), 0, middle);
    wiring.index(Chains.shape("stem", 64, 3, 3, 3), 1, first);
    wiring.index(Chains.shape("inner", 64, 64, 3, 3), 0, last);
    wiring.index(Chains.shape("inner", 64, 64, 3, 3), 1, middle);

    Cost macs = Cost.of(wiring.groups(), id -> id.name().equals("inner") ? 32 * 32 : 0);

    assertThat(macs.dense()).isEqualTo(37_748_736);
    assertThat(macs.of(List.of(32, 3, 64))).isEqualTo(18_874_368);
    assertThat(macs.of(List.of(32, 3, 32))).isEqualTo(9_437_184);
  }

  @Test
  void cost_whereOneGroupHasBothAxes_countsTheCrossingOnce() {
    DependencyGraph wiring = new DependencyGraph();
    ChannelPort input = Chains.connect(wiring, "stem", wiring.channels(1), 8);
    wiring.tie(input, Chains.connect(wiring, "square", input, 8));
    Groups groups = wiring.groups();

    Cost cost = Cost.of(groups, id -> id.name().equals("square") ? 1 : 0);

    assertThat(cost.ofChannel(groups.all().get(1))).isEqualTo(8 + 8 - 1);
    assertThat(cost.of(List.of(1, 3))).isEqualTo(9);
  }

  @Test
  void cost_whereOneAxisHasTwoGroups_addsTheirShares() {
    DependencyGraph wiring = new DependencyGraph();
    ChannelPort left = Chains.connect(wiring, "left", wiring.channels(1), 2);
    ChannelPort right = Chains.connect(wiring, "right", wiring.channels(1), 3);
    Chains.connect(wiring, "next", wiring.joined(List.of(left, right)), 7);

    Cost cost = Cost.of(wiring.groups(), id -> id.name().equals("next") ? 1 : 0);

    assertThat(cost.dense()).isEqualTo(35);
    assertThat(cost.of(List.of(1, 1, 1, 2, 7))).isEqualTo(21);
  }

  @Test
  void cost_ofMoreChannelsThanThereAre_isRefused() {
    Cost cost = Cost.of(Chains.linear(2, 3, 1), id -> 1);

    assertThatThrownBy(() -> cost.of(List.of(2, 4, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("left=4");
  }
}
