package io.espalier.trainer.step;

import static io.espalier.trainer.step.RuleFixture.context;
import static io.espalier.trainer.step.RuleFixture.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.network.Flatten;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.NetworkGroups;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of channels, on the two hidden ones of a small network, each a row and a bias. */
class ChannelRulesTest {
  private final float[] weight = {1, 1, 1, 1};
  private final float[] weightSlopes = {1.5f, 1.5f, 2, .5f};
  private final float[] bias = new float[2];
  private final float[] readers = {5, 6, 7, 8};

  private static Network network(boolean hidden) {
    Network.Builder graph = Network.builder(new ImageShape(1, 1, 2));
    String last = graph.add("flatten", new Flatten(), Network.INPUT);
    if (hidden) {
      last = graph.add("hidden", new Linear(2, true), last);
    }
    graph.add("output", new Linear(2, true), last);
    return graph.build();
  }

  private static StepRule halfSpace(String keys, Network network) {
    return channelRule("half-space" + keys, network);
  }

  private static StepRule channelRule(String keys, Network network) {
    return rule(
        keys, context(0.5, false, network.parameters(), NetworkGroups.of(network).groups()));
  }

  private Step step(double rate) {
    Network network = network(true);
    List<float[]> values = List.of(weight, bias, readers, new float[2]);
    List<float[]> slopes = List.of(weightSlopes, new float[2], new float[4], new float[2]);
    List<TrainedParameter> parameters = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      parameters.add(
          new TrainedParameter(
              network.parameters().get(i).shape(),
              network.parameters().get(i).role(),
              i,
              FloatBuffer.wrap(values.get(i)),
              FloatBuffer.wrap(slopes.get(i)),
              Optional.empty()));
    }
    return new Step(0, rate, 0, parameters);
  }

  private void update(double rate) {
    for (int unit = 0; unit < weight.length; unit++) {
      weight[unit] -= (float) (rate * weightSlopes[unit]);
    }
  }

  /** Of (1, 1) a step of .9 · (1.5, 1.5) leads past 0; one of .4 · (2, .5) does not. */
  @Test
  void update_workedGroups_projectsTheOneThatLeavesItsHalfSpace() {
    StepRule rule = halfSpace(", strength = 1e-9", network(true));
    weightSlopes[2] = 2 * .4f / .9f;
    weightSlopes[3] = .5f * .4f / .9f;

    rule.afterBackward(step(0.9));
    update(0.9);
    rule.afterUpdate(step(0.9));

    assertThat(weight).containsExactly(new float[] {0, 0, .2f, .8f}, within(1e-6f));
    assertThat(readers).containsExactly(5, 6, 7, 8);
  }

  @Test
  void update_ofAGroupThatIs0_leavesItThere() {
    weight[0] = 0;
    weight[1] = 0;
    StepRule rule = halfSpace("", network(true));

    rule.afterBackward(step(0.1));
    update(0.1);
    rule.afterUpdate(step(0.1));

    assertThat(weight[0]).isZero();
    assertThat(weight[2]).isNotZero();
  }

  /** The slope of the norm of (1, 1, 0) is (1, 1, 0) / √2. */
  @Test
  void gradient_ofAGroup_isItsDirection() {
    halfSpace(", strength = 1", network(true)).afterBackward(step(0.1));

    assertThat(weightSlopes)
        .containsExactly(new float[] {2.207107f, 2.207107f, 2.707107f, 1.207107f}, within(1e-5f));
  }

  /** Of two channels half is selected: the one of norm 0.5. */
  @Test
  void stagedPenalty_onTheSmallestShare_isADirection() {
    weight[0] = 0.3f;
    weight[1] = 0.4f;
    weightSlopes[0] = 0;
    weightSlopes[1] = 0;

    channelRule("staged-penalty, strength = 0.5, share = 50%", network(true))
        .afterBackward(step(0.1));

    assertThat(weightSlopes).containsExactly(new float[] {0.3f, 0.4f, 2, .5f}, within(1e-6f));
    assertThat(bias).containsOnly(0);
  }

  /** Importances 1 and 5 have the factors 16 and 1. */
  @Test
  void growing_ofChannels_isLargestForTheLeastImportant() {
    System.arraycopy(new float[] {1, 0, 1, 2}, 0, weight, 0, 4);
    Arrays.fill(weightSlopes, 0);

    channelRule("growing, strength = 1e-2, of = channels", network(true)).afterBackward(step(0.1));

    assertThat(weightSlopes).containsExactly(new float[] {0.16f, 0, 0.01f, 0.02f}, within(1e-6f));
  }

  @Test
  void growing_ofEqualChannels_isThePlainPenalty() {
    Arrays.fill(weightSlopes, 0);

    channelRule("growing, strength = 1e-2, of = channels", network(true)).afterBackward(step(0.1));

    assertThat(weightSlopes).containsOnly(0.01f);
  }

  @ParameterizedTest
  @ValueSource(strings = {"half-space", "staged-penalty", "growing, of = channels"})
  void create_withoutAChannelThatMayGo_isRefused(String keys) {
    assertThatThrownBy(() -> channelRule(keys, network(false)))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("acts on channels, and this network has none that may go");
  }
}
