package io.espalier.masks.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.annealing.AnnealingState;
import io.espalier.masks.annealing.Temperature;
import io.espalier.masks.kind.WeightView.Purpose;
import io.espalier.masks.kind.WeightView.StepFactors;
import io.espalier.masks.kind.WeightView.StepGradients;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Gates of trained values, by the numbers of their papers' equations and by finite differences. */
class GatesTest {
  private static final long LAST_UPDATE = 100;
  private static final int UNITS = 60;

  private static MaskedWeight weight(Mask kept) {
    return new MaskedWeight(
        0,
        kept,
        0,
        true,
        LAST_UPDATE,
        AnnealingState.none(new Temperature(Temperature.Shape.LINEAR, 0, 0)),
        7,
        0);
  }

  private static MaskKind kind(String name) {
    MaskKindProvider provider =
        new MaskKinds()
            .list().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    return provider.create(provider.keys().standard(name).orElseThrow());
  }

  private static List<FloatBuffer> state(MaskKind kind, float[] trained) {
    List<FloatBuffer> state = new ArrayList<>(List.of(FloatBuffer.wrap(trained.clone())));
    for (int i = 1; i < kind.state().size(); i++) {
      state.add(FloatBuffer.allocate(1));
    }
    return state;
  }

  private static float[] gates(
      WeightView view, Purpose purpose, long step, float[] weights, List<FloatBuffer> state) {
    ByteBuffer memory = ByteBuffer.allocate(Float.BYTES * weights.length);
    FloatBuffer factors = memory.asFloatBuffer();
    view.factors(
        new StepFactors(
            purpose, step, FloatBuffer.wrap(weights), state, factors, memory.asIntBuffer()));
    float[] gates = new float[weights.length];
    factors.get(0, gates);
    return gates;
  }

  @ParameterizedTest
  @CsvSource({
    "0, .1, 0",
    "0, .3, .162914",
    "0, .5, .5",
    "0, .7, .837086",
    "0, .9, 1",
    "-2, .7, .08085",
    "-2, .9, .588109",
  })
  void hardConcrete_ofADraw_isTheWorkedGate(double trained, double draw, double gate) {
    assertThat(HardConcreteGates.stretched(HardConcreteGates.concrete(trained, draw)))
        .isCloseTo(gate, within(1e-6));
  }

  @ParameterizedTest
  @CsvSource({
    "-5, .032252, 0",
    "-2, .400975, .043044",
    "0, .831822, .5",
    "2, .973367, .956956",
  })
  void hardConcrete_withoutADraw_isTheWorkedProbabilityAndGate(
      double trained, double open, double gate) {
    assertThat(HardConcreteGates.open(trained)).isCloseTo(open, within(1e-6));
    assertThat(HardConcreteGates.ofEvaluation(trained)).isCloseTo(gate, within(1e-6));
  }

  @Test
  void hardConcrete_overManyDraws_isOpenAsOftenAsExpected() {
    SplittableRandom random = new SplittableRandom(5);
    int draws = 200_000;
    int open = 0;
    int whole = 0;
    for (int i = 0; i < draws; i++) {
      double gate =
          HardConcreteGates.stretched(HardConcreteGates.concrete(0, random.nextDouble(1e-6, 1)));
      open += gate > 0 ? 1 : 0;
      whole += gate == 1 ? 1 : 0;
    }
    assertThat((double) open / draws).isCloseTo(.831822, within(.005));
    assertThat((double) whole / draws).isCloseTo(.168178, within(.005));
  }

  @ParameterizedTest
  @CsvSource({
    "1, .608832, .5106, .364104, .27736, .239105",
    ".3, .904997, .715183, .253637, .082214, .043969",
    ".1, .999088, .952514, .047366, .00091, .000123",
    ".02, 1, 1, 0, 0, 0",
  })
  void transport_ofFiveScores_isTheWorkedPlan(
      double temperature, double first, double second, double third, double fourth, double fifth) {
    double[] gates = new double[5];
    TransportGates.transport(
        FloatBuffer.wrap(new float[] {.9f, .7f, .4f, .2f, .1f}), temperature, 2, gates);
    assertThat(gates)
        .containsExactly(new double[] {first, second, third, fourth, fifth}, within(2e-6));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, .3, .1, .05, .02, .005, .001})
  void transport_atEachTemperature_sumsToTheKeptNumberInOrder(double temperature) {
    SplittableRandom random = new SplittableRandom(11);
    for (int kept = 0; kept <= 300; kept += 25) {
      float[] scores = new float[300];
      for (int unit = 0; unit < scores.length; unit++) {
        scores[unit] = (float) (random.nextDouble() * 4 - 2);
      }
      double[] gates = new double[scores.length];
      TransportGates.transport(FloatBuffer.wrap(scores), temperature, kept, gates);
      double sum = 0;
      for (int unit = 0; unit < gates.length; unit++) {
        sum += gates[unit];
        for (int other = 0; other < unit; other++) {
          if (scores[unit] > scores[other]) {
            assertThat(gates[unit]).isGreaterThanOrEqualTo(gates[other]);
          }
        }
      }
      assertThat(sum).as("kept %d", kept).isCloseTo(kept, within(1e-9));
    }
  }

  @ParameterizedTest
  @CsvSource({"4, .478308", "1, .414038", ".1, .030091"})
  void keepLogits_ofADraw_isTheWorkedGate(double temperature, double gate) {
    assertThat(KeepLogitsGates.gate(.5, .3, temperature)).isCloseTo(gate, within(1e-6));
  }

  /** The loss is {@code ½ Σ (m w − t)²} of the gates that a step draws. */
  @ParameterizedTest
  @ValueSource(strings = {"hard-concrete", "transport"})
  void gradients_ofTrainedValues_areThoseOfFiniteDifferences(String name) {
    SplittableRandom random = new SplittableRandom(3);
    float[] weights = new float[UNITS];
    float[] trained = new float[UNITS];
    double[] target = new double[UNITS];
    for (int unit = 0; unit < UNITS; unit++) {
      weights[unit] = (float) (random.nextDouble() - .5);
      trained[unit] = (float) random.nextDouble();
      target[unit] = random.nextDouble() - .5;
    }
    MaskKind kind = kind(name);
    WeightView view = kind.view(weight(Mask.of(UNITS, unit -> unit < UNITS / 3)));
    float[] gates = gates(view, Purpose.TRAINING, 4, weights, state(kind, trained));
    FloatBuffer gradient = FloatBuffer.allocate(UNITS);
    for (int unit = 0; unit < UNITS; unit++) {
      gradient.put(unit, (float) (gates[unit] * weights[unit] - target[unit]));
    }
    List<FloatBuffer> slopes = state(kind, new float[UNITS]);
    view.backward(
        new StepGradients(4, FloatBuffer.wrap(weights), gradient, state(kind, trained), slopes));

    float nudge = 1e-2f;
    for (int unit = 0; unit < UNITS; unit++) {
      double[] loss = new double[2];
      for (int side = 0; side < 2; side++) {
        float[] moved = trained.clone();
        moved[unit] += side == 0 ? -nudge : nudge;
        float[] near = gates(view, Purpose.TRAINING, 4, weights, state(kind, moved));
        for (int of = 0; of < UNITS; of++) {
          double error = (double) near[of] * weights[of] - target[of];
          loss[side] += error * error / 2;
        }
      }
      double slope = (loss[1] - loss[0]) / (2 * nudge);
      boolean cutOff = gates[unit] < .03 || gates[unit] > .97;
      assertThat((double) slopes.get(0).get(unit))
          .as("unit %d", unit)
          .isCloseTo(slope, within(cutOff && name.equals("hard-concrete") ? 1e-2 : 2e-4));
    }
  }

  @Test
  void hardConcrete_priceOfALayer_risesAboveTheBudgetAndFallsToZeroBelow() {
    MaskKind kind = kind("hard-concrete");
    float[] open = new float[UNITS];
    Arrays.fill(open, 3);
    List<FloatBuffer> state = state(kind, open);
    FloatBuffer none = FloatBuffer.allocate(UNITS);
    StepGradients step =
        new StepGradients(
            0,
            FloatBuffer.allocate(UNITS),
            none,
            state,
            List.of(FloatBuffer.allocate(UNITS), FloatBuffer.allocate(1)));

    kind.view(weight(Mask.of(UNITS, unit -> unit < 6))).backward(step);
    float over = state.get(1).get(0);
    kind.view(weight(Mask.allKept(UNITS))).backward(step);

    assertThat(over).isGreaterThan(.05f);
    assertThat(state.get(1).get(0)).isBetween(0f, over - 1e-4f);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hard-concrete", "transport", "keep-logits", "edge-popup"})
  void evaluation_seesKeptWeightsAloneAndDrawsNothing(String name) {
    MaskKind kind = kind(name);
    float[] weights = new float[UNITS];
    Arrays.fill(weights, 1);
    float[] trained = new float[UNITS];
    kind.state()
        .get(0)
        .initial()
        .write(new ParameterShape(new ParameterId("w"), List.of(UNITS)), weights, trained);
    Mask kept = Mask.of(UNITS, unit -> unit % 5 == 0);

    float[] first =
        gates(kind.view(weight(kept)), Purpose.EVALUATION, 9, weights, state(kind, trained));

    for (int unit = 0; unit < UNITS; unit++) {
      assertThat(first[unit] != 0).as("unit %d", unit).isEqualTo(kept.isKept(unit));
    }
    assertThat(gates(kind.view(weight(kept)), Purpose.EVALUATION, 9, weights, state(kind, trained)))
        .isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hard-concrete", "keep-logits"})
  void training_drawsAnewInEachStep(String name) {
    MaskKind kind = kind(name);
    float[] weights = new float[UNITS];
    float[] trained = new float[UNITS];
    WeightView view = kind.view(weight(Mask.allKept(UNITS)));

    float[] first = gates(view, Purpose.TRAINING, 1, weights, state(kind, trained));

    assertThat(gates(view, Purpose.TRAINING, 1, weights, state(kind, trained))).isEqualTo(first);
    assertThat(gates(view, Purpose.TRAINING, 2, weights, state(kind, trained))).isNotEqualTo(first);
  }

  @Test
  void edgePopup_opensTheBestAsManyAsAreKept_andKeepsTheVariance() {
    MaskKind kind = kind("edge-popup");
    float[] scores = new float[UNITS];
    for (int unit = 0; unit < UNITS; unit++) {
      scores[unit] = (unit * 7) % UNITS;
    }
    Mask kept = Mask.of(UNITS, unit -> unit < 15);

    float[] gates =
        gates(kind.view(weight(kept)), Purpose.TRAINING, 0, scores, state(kind, scores));

    for (int unit = 0; unit < UNITS; unit++) {
      assertThat(gates[unit]).isEqualTo(scores[unit] >= UNITS - 15 ? 2f : 0f);
    }
    assertThat(kind.freezesWeights()).isTrue();
  }

  @Test
  void logistic_agreesWithTheLibrary() {
    for (double x = -40; x < 40; x += .137) {
      assertThat(Logistic.exp(x)).isCloseTo(Math.exp(x), within(1e-12 * Math.exp(x)));
      double positive = Math.exp(x / 2);
      assertThat(Logistic.log(positive)).isCloseTo(x / 2, within(1e-12));
    }
    assertThat(Logistic.sigmoid(-1e9)).isBetween(0.0, 1e-300);
    assertThat(Logistic.sigmoid(1e9)).isEqualTo(1);
  }
}
