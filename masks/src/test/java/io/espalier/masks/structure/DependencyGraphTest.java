package io.espalier.masks.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DependencyGraphTest {
  private final DependencyGraph wiring = new DependencyGraph();

  /** Members of a group, each with the indices of all its channels. */
  private static List<String> described(Group group) {
    return group.members().stream()
        .map(
            member -> {
              StringBuilder text = new StringBuilder(member.parameter() + "/" + member.axis());
              for (int channel = 0; channel < group.channels(); channel++) {
                text.append(' ').append(member.indices(channel).boxed().toList());
              }
              return text.toString();
            })
        .toList();
  }

  private List<List<String>> groups() {
    return wiring.groups().all().stream().map(DependencyGraphTest::described).toList();
  }

  @Test
  void groups_ofAChain_holdOutputNormAndNextInput() {
    ChannelPort image = wiring.channels(1);
    ChannelPort hidden = Chains.connect(wiring, "a", image, 2);
    Chains.scale(wiring, "norm", hidden);
    Chains.connect(wiring, "b", hidden, 1);

    assertThat(groups())
        .containsExactly(
            List.of("a/1 [0]"),
            List.of("a/0 [0] [1]", "norm/0 [0] [1]", "b/1 [0] [1]"),
            List.of("b/0 [0]"));
  }

  @Test
  void groups_ofAResidualBlock_holdAllWritersAndReadersOfTheSum() {
    ChannelPort stem = Chains.connect(wiring, "stem", wiring.channels(1), 2);
    ChannelPort inner = Chains.connect(wiring, "inner", stem, 3);
    ChannelPort outer = Chains.connect(wiring, "outer", inner, 2);
    wiring.tie(stem, outer);
    Chains.connect(wiring, "next", outer, 1);

    assertThat(groups())
        .contains(
            List.of("stem/0 [0] [1]", "inner/1 [0] [1]", "outer/0 [0] [1]", "next/1 [0] [1]"),
            List.of("inner/0 [0] [1] [2]", "outer/1 [0] [1] [2]"));
  }

  @Test
  void groups_behindAConcatenation_haveTheOffsetOfTheirBranch() {
    ChannelPort image = wiring.channels(1);
    ChannelPort left = Chains.connect(wiring, "left", image, 2);
    ChannelPort right = Chains.connect(wiring, "right", image, 3);
    Chains.connect(wiring, "next", wiring.joined(List.of(right, left, right)), 1);

    assertThat(groups())
        .contains(
            List.of("left/0 [0] [1]", "next/1 [3] [4]"),
            List.of("right/0 [0] [1] [2]", "next/1 [0, 5] [1, 6] [2, 7]"));
  }

  @Test
  void groups_behindAFlattenedImage_haveTheColumnsOfTheirChannel() {
    ChannelPort image = Chains.connect(wiring, "conv", wiring.channels(1), 3);
    Chains.connect(wiring, "fc", wiring.repeated(image, 4), 1);

    assertThat(groups())
        .contains(List.of("conv/0 [0] [1] [2]", "fc/1 [0, 1, 2, 3] [4, 5, 6, 7] [8, 9, 10, 11]"));
  }

  @Test
  void groups_ofTiedParts_loseTheSamePlaceOfEach() {
    ChannelPort image = Chains.connect(wiring, "conv", wiring.channels(1), 6);
    ChannelPort first = wiring.tiedParts(image, 3);
    ChannelPort grouped = wiring.channels(3);
    wiring.index(Chains.shape("grouped", 3, 2), 0, grouped);
    wiring.index(Chains.shape("grouped", 3, 2), 1, first);

    assertThat(groups()).contains(List.of("conv/0 [0, 2, 4] [1, 3, 5]", "grouped/1 [0] [1]"));
  }

  @Test
  void groups_ofUnitedBlocks_goBlockByBlock() {
    ChannelPort image = Chains.connect(wiring, "conv", wiring.channels(1), 6);
    wiring.unitedBlocks(image, 3);
    Chains.scale(wiring, "norm", image);

    assertThat(groups())
        .contains(List.of("conv/0 [0, 1] [2, 3] [4, 5]", "norm/0 [0, 1] [2, 3] [4, 5]"));
  }

  @Test
  void groups_ofBlocksAcrossAFlattenedImage_holdAllChannelsThatABlockTouches() {
    ChannelPort image = Chains.connect(wiring, "conv", wiring.channels(1), 4);
    ChannelPort flat = wiring.repeated(image, 3);
    wiring.unitedBlocks(flat, 3);
    Chains.connect(wiring, "fc", flat, 1);

    assertThat(wiring.groups().all())
        .filteredOn(group -> group.members().get(0).toString().equals("conv axis 0 ×4"))
        .singleElement()
        .extracting(Group::obstacle)
        .isEqualTo(Optional.of(PruningConstraint.NORMALISED_TOGETHER));
  }

  @Test
  void groups_ofBlocksOfOneChannel_areThoseWithoutBlocks() {
    ChannelPort single = Chains.connect(wiring, "single", wiring.channels(2), 1);
    wiring.unitedBlocks(wiring.repeated(single, 4), 2);
    wiring.unitedBlocks(Chains.connect(wiring, "several", single, 3), 3);

    assertThat(wiring.groups().all())
        .extracting(
            Group::channels, group -> group.obstacle().map(PruningConstraint::reason).orElse(""))
        .contains(tuple(1, "only channel"), tuple(3, ""));
  }

  @Test
  void obstacle_ofOneBlock_isThatAllAreNormalisedTogether() {
    ChannelPort image = wiring.channels(2);
    wiring.forbid(image, PruningConstraint.NETWORK_INPUT);
    wiring.unitedBlocks(image, 1);
    ChannelPort hidden = Chains.connect(wiring, "hidden", image, 4);
    wiring.unitedBlocks(hidden, 1);
    Chains.connect(wiring, "next", hidden, 3);

    assertThat(wiring.groups().all())
        .extracting(Group::channels, Group::obstacle)
        .containsExactly(
            tuple(1, Optional.of(PruningConstraint.NETWORK_INPUT)),
            tuple(1, Optional.of(PruningConstraint.NORMALISED_TOGETHER)),
            tuple(3, Optional.empty()));
  }

  @Test
  void groups_ofChannelsThatAreNotAlike_areSeveral() {
    ChannelPort left = Chains.connect(wiring, "left", wiring.channels(1), 2);
    ChannelPort right = Chains.connect(wiring, "right", wiring.channels(1), 2);
    ChannelPort all = Chains.connect(wiring, "all", wiring.channels(1), 4);
    wiring.tie(all, wiring.joined(List.of(left, right)));

    assertThat(groups())
        .contains(
            List.of("left/0 [0] [1]", "all/0 [0] [1]"),
            List.of("right/0 [0] [1]", "all/0 [2] [3]"));
  }

  @Test
  void groups_ofALongChainOfTies_areOne() {
    ChannelPort first = Chains.connect(wiring, "p0", wiring.channels(1), 2);
    ChannelPort last = first;
    for (int i = 1; i < 50; i++) {
      ChannelPort next = Chains.connect(wiring, "p" + i, wiring.channels(1), 2);
      wiring.tie(next, last);
      last = next;
    }

    assertThat(wiring.groups().all())
        .filteredOn(group -> group.channels() == 2)
        .singleElement()
        .satisfies(group -> assertThat(group.members()).hasSize(50));
  }

  @Test
  void obstacles_goWithAllThatIsTied() {
    ChannelPort image = wiring.channels(2);
    wiring.forbid(image, PruningConstraint.NETWORK_INPUT);
    ChannelPort same = Chains.connect(wiring, "same", image, 2);
    wiring.tie(image, same);
    ChannelPort single = Chains.connect(wiring, "single", same, 1);
    ChannelPort free = Chains.connect(wiring, "free", single, 2);
    ChannelPort output = Chains.connect(wiring, "output", free, 2);
    wiring.forbid(output, PruningConstraint.NETWORK_OUTPUT);

    assertThat(wiring.groups().all())
        .extracting(Group::obstacle)
        .containsExactly(
            Optional.of(PruningConstraint.NETWORK_INPUT),
            Optional.of(PruningConstraint.ONLY_CHANNEL),
            Optional.empty(),
            Optional.of(PruningConstraint.NETWORK_OUTPUT));
  }

  @Test
  void groups_askedTwice_areTheSame() {
    ChannelPort hidden = Chains.connect(wiring, "a", wiring.channels(2), 4);
    List<Group> before = wiring.groups().all();
    wiring.tiedParts(hidden, 2);

    assertThat(before).extracting(Group::channels).containsExactly(2, 4);
    assertThat(wiring.groups().all()).extracting(Group::channels).containsExactly(2, 2);
  }

  @Test
  void portsAndAxes_thatDoNotFit_areRefused() {
    ChannelPort two = wiring.channels(2);
    Chains.scale(wiring, "norm", two);

    assertThatThrownBy(() -> wiring.tie(two, wiring.channels(3)))
        .hasMessageContaining("places=3, expected=2");
    assertThatThrownBy(() -> wiring.tiedParts(wiring.channels(5), 2))
        .hasMessageContaining("places=5, expected=4");
    assertThatThrownBy(() -> wiring.unitedBlocks(wiring.channels(5), 3))
        .hasMessageContaining("places=5, expected=3");
    assertThatThrownBy(() -> wiring.index(Chains.shape("other", 3), 0, two))
        .hasMessageContaining("places=2, expected=3");
    assertThatThrownBy(() -> Chains.scale(wiring, "norm", two))
        .hasMessage("an axis must be indexed once: parameter=norm, axis=0");
  }

  /** Residual layers in a row: all their sums are one group, the worst case for uniting. */
  private static long work(int layers) {
    DependencyGraph wiring = new DependencyGraph();
    ChannelPort sum = Chains.connect(wiring, "stem", wiring.channels(3), 64);
    for (int layer = 0; layer < layers; layer++) {
      ChannelPort inner = Chains.connect(wiring, "inner" + layer, sum, 32);
      Chains.scale(wiring, "norm" + layer, inner);
      wiring.unitedBlocks(inner, 8);
      ChannelPort outer = Chains.connect(wiring, "outer" + layer, inner, 64);
      wiring.tie(outer, sum);
      sum = outer;
    }
    assertThat(wiring.groups().all()).hasSize(2 + layers);
    return wiring.work();
  }

  @Test
  void work_ofTwiceTheLayers_isTwiceAsMuch() {
    long hundred = work(100);
    long twoHundred = work(200);

    assertThat(twoHundred).isBetween(2 * hundred - 1000, 2 * hundred + 1000);
    assertThat(twoHundred).isLessThan(200L * (64 + 32) * 10);
  }
}
