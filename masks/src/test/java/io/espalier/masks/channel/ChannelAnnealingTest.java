package io.espalier.masks.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.annealing.Annealing;
import io.espalier.masks.annealing.Temperature;
import io.espalier.masks.annealing.Temperature.Shape;
import io.espalier.masks.structure.Chains;
import io.espalier.masks.structure.DependencyGraph;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.masks.structure.Groups;
import io.espalier.masks.structure.PruningConstraint;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

final class ChannelAnnealingTest {
  /** {@code a} [4, 2], {@code b} [3, 4, 2, 1] with a kernel, {@code c} [2, 3]. */
  private static final Groups THREE = three();

  private static final Temperature HALF = new Temperature(Shape.CONSTANT, .5, 100);

  private static Groups three() {
    DependencyGraph wiring = new DependencyGraph();
    ChannelPort example = wiring.channels(2);
    ChannelPort first = Chains.connect(wiring, "a", example, 4);
    ChannelPort second = wiring.channels(3);
    ParameterShape convolution = Chains.shape("b", 3, 4, 2, 1);
    wiring.index(convolution, 0, second);
    wiring.index(convolution, 1, first);
    ChannelPort answer = Chains.connect(wiring, "c", second, 2);
    wiring.forbid(example, PruningConstraint.NETWORK_INPUT);
    wiring.forbid(answer, PruningConstraint.NETWORK_OUTPUT);
    return wiring.groups();
  }

  /** Channels 1 and 3 of the first layer go at step 10, channel 2 of the second at step 20. */
  private static ChannelState pruned() {
    return ChannelState.dense(THREE)
        .updated(kept(channel -> channel % 2 == 0, channel -> true), false, 10)
        .updated(kept(channel -> channel % 2 == 0, channel -> channel != 2), false, 20);
  }

  private static List<Mask> kept(IntPredicate first, IntPredicate second) {
    List<Mask> masks = new ArrayList<>(THREE.allKept());
    masks.set(1, Mask.of(4, first));
    masks.set(2, Mask.of(3, second));
    return masks;
  }

  private static ChannelAnnealing annealing(
      Groups groups, Layout layout, ChannelState state, Temperature temperature) {
    List<ParameterId> ids = groups.parameters().stream().map(ParameterShape::id).toList();
    return ChannelAnnealing.of(
        new ChannelMasks(groups, layout, ids), state, temperature, step -> true);
  }

  private static ChannelAnnealing annealing(Temperature temperature) {
    return annealing(THREE, Layout.dense(THREE.parameters()), pruned(), temperature);
  }

  private static boolean[] draw(Annealing of, int parameter, int size, long step, int trainer) {
    IntBuffer bits = IntBuffer.allocate(size);
    of.draw(parameter, Mask.noneKept(size)).draw(step, 1, trainer, bits);
    boolean[] drawn = new boolean[size];
    for (int i = 0; i < size; i++) {
      float factor = Float.intBitsToFloat(bits.get(i));
      assertThat(factor).isIn(0f, 1f);
      drawn[i] = factor == 1;
    }
    return drawn;
  }

  @Test
  void draw_hasEachChannelWholeOrNotAtAll_inAllWeightsThatGiveOrReadIt() {
    ChannelAnnealing annealing = annealing(HALF);
    Set<Integer> seen = new HashSet<>();
    for (int step = 20; step < 110; step++) {
      boolean[] a = draw(annealing, 0, 8, step, 0);
      boolean[] b = draw(annealing, 1, 24, step, 0);
      boolean[] c = draw(annealing, 2, 6, step, 0);

      boolean[] first = {true, a[2], true, a[6]};
      boolean[] second = {true, true, c[2]};
      for (int out = 0; out < 4; out++) {
        assertThat(a[out * 2]).isEqualTo(first[out]);
        assertThat(a[out * 2 + 1]).isEqualTo(first[out]);
      }
      for (int weight = 0; weight < 24; weight++) {
        assertThat(b[weight]).isEqualTo(second[weight / 8] && first[weight / 2 % 4]);
      }
      for (int weight = 0; weight < 6; weight++) {
        assertThat(c[weight]).isEqualTo(second[weight % 3]);
      }
      seen.add((a[2] ? 4 : 0) + (a[6] ? 2 : 0) + (c[2] ? 1 : 0));
    }
    assertThat(seen).hasSize(8);
  }

  /** Mean 550, standard deviation 15: five of them. */
  @Test
  void draw_ofAThousandChannels_isNearItsMean_andKeepsTheTarget() {
    Groups groups = Chains.linear(1, 1000, 1);
    List<Mask> tenth = new ArrayList<>(groups.allKept());
    tenth.set(1, Mask.of(1000, channel -> channel < 100));
    ChannelState state = ChannelState.dense(groups).updated(tenth, false, 0);
    ChannelAnnealing annealing = annealing(groups, Layout.dense(groups.parameters()), state, HALF);

    for (int step = 0; step < 50; step++) {
      boolean[] giving = draw(annealing, 0, 1000, step, 0);

      assertThat(draw(annealing, 1, 1000, step, 0)).isEqualTo(giving);
      assertThat(Mask.of(1000, unit -> giving[unit]).kept()).isBetween(475, 625);
      assertThat(Mask.of(100, unit -> giving[unit]).kept()).isEqualTo(100);
    }
  }

  @Test
  void draw_followsFromSeedTrainerAndStepAlone() {
    Groups groups = Chains.linear(1, 64, 1);
    List<Mask> one = new ArrayList<>(groups.allKept());
    one.set(1, Mask.of(64, channel -> channel == 0));
    ChannelState state = ChannelState.dense(groups).updated(one, false, 0);
    Layout layout = Layout.dense(groups.parameters());
    ChannelAnnealing annealing = annealing(groups, layout, state, HALF);
    ChannelAnnealing resumed =
        annealing(groups, layout, ChannelCodec.decode(ChannelCodec.encode(state), groups), HALF);

    assertThat(draw(annealing, 0, 64, 7, 0))
        .isEqualTo(draw(resumed, 0, 64, 7, 0))
        .isNotEqualTo(draw(annealing, 0, 64, 8, 0))
        .isNotEqualTo(draw(annealing, 0, 64, 7, 1));
  }

  @Test
  void draw_afterACutOfOthers_isTheSameForThoseThatAreLeft() {
    ChannelState cut =
        pruned()
            .cut(
                List.of(
                    Mask.noneKept(2), Mask.of(4, c -> c == 1), Mask.noneKept(3), Mask.noneKept(2)));
    Layout layout = THREE.cut(Layout.dense(THREE.parameters()), cut.present());
    ChannelAnnealing left = annealing(THREE, layout, cut, HALF);
    ChannelAnnealing whole = annealing(HALF);

    for (int step = 20; step < 110; step++) {
      boolean[] before = draw(whole, 0, 8, step, 0);
      boolean[] after = draw(left, 0, 6, step, 0);

      assertThat(after)
          .containsExactly(before[0], before[1], before[4], before[5], before[6], before[7]);
    }
  }

  @Test
  void channels_ofTwoUpdates_dieEachAtItsOwnStep() {
    ChannelAnnealing annealing = annealing(new Temperature(Shape.COSINE, .5, 12));
    List<Mask> kept = List.of(Mask.noneKept(8), Mask.noneKept(24), Mask.noneKept(6));

    assertThat(kept(annealing.living(kept, 21))).containsExactly(8, 24, 6);
    assertThat(kept(annealing.living(kept, 22))).containsExactly(4, 12, 6);
    assertThat(kept(annealing.living(kept, 31))).containsExactly(4, 12, 6);
    assertThat(kept(annealing.living(kept, 32))).containsExactly(4, 8, 4);
    assertThat(annealing.reaches(0)).isTrue();
    assertThat(annealing.aliveAt(21)).isSameAs(annealing);
    assertThat(annealing.aliveAt(22).reaches(0)).isFalse();
    assertThat(annealing.aliveAt(22).reaches(1)).isTrue();
    assertThat(annealing.aliveAt(31).isOver()).isFalse();
    assertThat(annealing.aliveAt(32).isOver()).isTrue();
  }

  private static List<Integer> kept(List<Mask> masks) {
    return masks.stream().map(Mask::kept).toList();
  }

  @Test
  void channels_withoutATemperature_areDeadAtOnce() {
    assertThat(annealing(new Temperature(Shape.LINEAR, 0, 10)).isOver()).isTrue();
    assertThat(annealing(new Temperature(Shape.LINEAR, 1, 0)).isOver()).isTrue();
  }
}
