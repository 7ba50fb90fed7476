package io.espalier.masks.selection;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.structure.Chains;
import io.espalier.masks.structure.DependencyGraph;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.masks.structure.Groups;
import io.espalier.masks.structure.PruningConstraint;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ConnectedSelectionTest {
  private static List<Mask> kept(
      Groups groups, List<ParameterShape> shapes, List<float[]> scores, List<Integer> counts) {
    return Selections.of(MemberSettings.of("connected"))
        .in(() -> groups)
        .keep(
            Ranking.ofMagnitudes(
                scores, shapes.stream().map(shape -> Mask.allKept(shape.size())).toList()),
            shapes,
            counts);
  }

  /** Two inputs, two hidden channels, two outputs. */
  @Test
  void connected_ofAChannelThatIsReadOnly_givesItItsBestWeight() {
    Groups groups = Chains.linear(2, 2, 2);
    // Given the best two give the first channel, and each is read by one output
    List<float[]> scores = List.of(new float[] {9, 8, 2, 1}, new float[] {5, 0, 0, 6});

    List<Mask> masks = kept(groups, groups.parameters(), scores, List.of(2, 2));

    // Then the second gets its better one for the worse of the first
    assertThat(masks).isEqualTo(Networks.masks("1010", "1001"));
  }

  @Test
  void connected_ofChannelsThatAreConnected_isTheBest() {
    Groups groups = Chains.linear(2, 2, 2);
    List<float[]> scores = List.of(new float[] {9, 1, 2, 8}, new float[] {5, 0, 0, 6});

    assertThat(kept(groups, groups.parameters(), scores, List.of(2, 2)))
        .isEqualTo(Networks.masks("1001", "1001"));
  }

  /** Nothing connects the second channel, and nothing reads it: nothing is missing. */
  @Test
  void connected_ofAChannelWithoutWeights_leavesItAlone() {
    Groups groups = Chains.linear(2, 2, 2);
    List<float[]> scores = List.of(new float[] {9, 8, 2, 1}, new float[] {5, 0, 6, 0});

    assertThat(kept(groups, groups.parameters(), scores, List.of(2, 2)))
        .isEqualTo(Networks.masks("1100", "1010"));
  }

  /** Random scores of three hidden layers, with as many weights as there are channels and more. */
  @Property(tries = 300, seed = "1")
  void connected_ofRandomScores_leavesNoHalfConnectedChannel_andKeepsCounts(
      @ForAll @IntRange(min = 2, max = 9) int first,
      @ForAll @IntRange(min = 2, max = 9) int second,
      @ForAll @IntRange(min = 2, max = 9) int third,
      @ForAll @IntRange(min = 0, max = 6) int more,
      @ForAll long seed) {
    DependencyGraph wiring = new DependencyGraph();
    ChannelPort port = wiring.channels(5);
    wiring.forbid(port, PruningConstraint.NETWORK_INPUT);
    int[] widths = {5, first, second, third, 4};
    for (int layer = 1; layer < widths.length; layer++) {
      port = Chains.connect(wiring, "w" + layer, port, widths[layer]);
    }
    wiring.forbid(port, PruningConstraint.NETWORK_OUTPUT);
    Groups groups = wiring.groups();
    List<ParameterShape> shapes = groups.parameters();
    List<Integer> counts =
        shapes.stream()
            .map(
                shape ->
                    Math.min(
                        shape.size(), shape.dimensions().get(0) + shape.dimensions().get(1) + more))
            .toList();

    List<Mask> masks = kept(groups, shapes, Networks.weights(shapes, seed), counts);

    assertThat(masks).extracting(Mask::kept).isEqualTo(counts);
    for (int layer = 0; layer + 1 < shapes.size(); layer++) {
      int width = shapes.get(layer).dimensions().get(0);
      for (int channel = 0; channel < width; channel++) {
        assertThat(isGiven(masks.get(layer), shapes.get(layer), channel))
            .isEqualTo(isRead(masks.get(layer + 1), width, channel));
      }
    }
  }

  private static boolean isGiven(Mask mask, ParameterShape shape, int channel) {
    int inputs = shape.dimensions().get(1);
    return IntStream.range(channel * inputs, (channel + 1) * inputs).anyMatch(mask::isKept);
  }

  private static boolean isRead(Mask mask, int inputs, int channel) {
    return IntStream.range(0, mask.size())
        .filter(weight -> weight % inputs == channel)
        .anyMatch(mask::isKept);
  }
}
