package io.espalier.trainer.initial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The built-in initializers, by their formulas over the layers of networks that recipes name. */
final class InitializersTest {
  private static final ImageShape GREY_28 = new ImageShape(1, 28, 28);
  private static final Network LENET_300_100 = network("lenet-300-100");
  private static final Network LENET_5 = network("lenet-5");
  private static final Network MOBILE_NET = network("{ kind = mobilenet, width = 64 }");

  private static Network network(String model) {
    return Network.of(model(model).architecture(), GREY_28, 10);
  }

  private static ModelConfig model(String model) {
    return new RecipeLoader()
        .parse("my.conf", "data = digits\nmodel = " + model, List.of())
        .config()
        .model();
  }

  private static ParameterSpec parameter(Network network, String name) {
    return network.parameter(new ParameterId(name)).orElseThrow();
  }

  private static InitialDraw draw(String name, double gain, long seed) {
    return InitialDraw.of(MemberSettings.of(name).with("gain", gain), seed);
  }

  private static ParameterSpec spec(Role role, int size, int fanIn) {
    ParameterShape shape = new ParameterShape(new ParameterId("p"), List.of(size));
    return new ParameterSpec(shape, role, fanIn, 1, 0);
  }

  static List<String> names() {
    return PluginRegistry.installed().names(PluginKind.INITIALIZER).stream()
        .filter(name -> !name.equals("erratic"))
        .toList();
  }

  @Test
  void names_areInTheOrderOfMessages() {
    assertThat(names())
        .containsExactly(
            "he",
            "he-uniform",
            "uniform-fan-in",
            "xavier",
            "xavier-uniform",
            "lecun",
            "lecun-uniform",
            "orthogonal");
  }

  /** Layers with their fan-in and fan-out, counted by hand. */
  private record Layer(Network network, String name, int fanIn, int fanOut) {
    ParameterSpec weight() {
      return parameter(network, name + ".weight");
    }
  }

  private static List<Layer> layers() {
    return List.of(
        new Layer(LENET_300_100, "fc1", 784, 300),
        new Layer(LENET_5, "conv2", 20 * 25, 50 * 25),
        new Layer(MOBILE_NET, "block7.depthwise.conv", 9, 9),
        new Layer(MOBILE_NET, "block2.pointwise.conv", 128, 256));
  }

  @Test
  void fans_ofLinearConvolutionAndDepthwise_countWhatOneOutputReadsAndOneInputReaches() {
    for (Layer layer : layers()) {
      assertThat(layer.weight().fanIn()).as(layer.name()).isEqualTo(layer.fanIn());
      assertThat(layer.weight().fanOut()).as(layer.name()).isEqualTo(layer.fanOut());
    }
    assertThat(parameter(LENET_5, "conv2.bias").fanIn()).isEqualTo(500);
    assertThat(
            network(
                    """
                    { kind = layers, layers = [
                      { kind = convolution, outputs = 8, kernel = 1 }
                      { kind = convolution, outputs = 12, kernel = 3, groups = 4, name = grouped }
                      flatten, { kind = linear, outputs = classes } ] }
                    """)
                .parameter(new ParameterId("grouped.weight")))
        .hasValueSatisfying(
            spec -> {
              assertThat(spec.fanIn()).isEqualTo(2 * 9);
              assertThat(spec.fanOut()).isEqualTo(3 * 9);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "he, 2, 0",
    "he-uniform, 2, 0",
    "uniform-fan-in, 0.3333333333, 0",
    "xavier, 2, 1",
    "xavier-uniform, 2, 1",
    "lecun, 1, 0",
    "lecun-uniform, 1, 0",
  })
  void weights_ofEveryLayer_haveMeanZeroAndTheVarianceOfTheFormula(
      String name, double numerator, int shareOfFanOut) {
    for (Layer layer : layers()) {
      for (double gain : new double[] {1, 0.5}) {
        double variance =
            gain * gain * numerator / (layer.fanIn() + shareOfFanOut * layer.fanOut());

        float[] values = draw(name, gain, 7).values(layer.weight(), 3);

        // Five standard errors of the mean and, of a normal's, of the variance.
        double mean = 5 * Math.sqrt(variance / values.length);
        double spread = 5 * variance * Math.sqrt(2.0 / values.length);
        assertThat(mean(values)).as(layer.name()).isCloseTo(0, within(mean));
        assertThat(meanSquare(values)).as(layer.name()).isCloseTo(variance, within(spread));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "he-uniform, 6, 0",
    "uniform-fan-in, 1, 0",
    "xavier-uniform, 6, 1",
    "lecun-uniform, 3, 0",
  })
  void weights_uniform_reachTheirBoundAndStayWithin(
      String name, double numerator, int shareOfFanOut) {
    for (Layer layer : layers()) {
      double bound = 1.5 * Math.sqrt(numerator / (layer.fanIn() + shareOfFanOut * layer.fanOut()));

      float[] values = draw(name, 1.5, 1).values(layer.weight(), 0);

      assertThat(largest(values)).as(layer.name()).isBetween(0.98 * bound, (double) (float) bound);
    }
  }

  @Test
  void biases_uniformFanIn_areWithinTheBoundOfTheirLayersWeight() {
    ParameterSpec bias = parameter(LENET_5, "fc1.bias");
    double bound = 1 / Math.sqrt(800);

    float[] values = draw("uniform-fan-in", 1, 1).values(bias, 5);

    assertThat(values).hasSize(500);
    assertThat(largest(values)).isBetween(0.98 * bound, (double) (float) bound);
    assertThat(mean(values)).isCloseTo(0, within(5 * bound / Math.sqrt(3 * 500)));
    assertThat(largest(draw("uniform-fan-in", 2, 1).values(bias, 5)))
        .isBetween(1.96 * bound, (double) (float) (2 * bound));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "he",
        "he-uniform",
        "xavier",
        "xavier-uniform",
        "lecun",
        "lecun-uniform",
        "orthogonal"
      })
  void biases_ofOthers_areZero(String name) {
    assertThat(draw(name, 1, 1).values(spec(Role.BIAS, 3, 2), 1)).containsExactly(0, 0, 0);
  }

  @Test
  void orthogonal_everyLayer_hasOrthogonalRowsOrColumnsOfLengthGain() {
    List<Layer> layers = new ArrayList<>(layers());
    layers.add(new Layer(LENET_5, "conv1", 25, 500));
    for (Layer layer : layers) {
      ParameterSpec weight = layer.weight();
      int rows = weight.shape().dimensions().get(0);
      int columns = weight.shape().size() / rows;

      float[] values = draw("orthogonal", 1.5, 3).values(weight, 2);

      int vectors = Math.min(rows, columns);
      for (int a = 0; a < vectors; a++) {
        for (int b = 0; b <= a; b++) {
          double product = 0;
          for (int k = 0; k < Math.max(rows, columns); k++) {
            product +=
                rows <= columns
                    ? (double) values[a * columns + k] * values[b * columns + k]
                    : (double) values[k * columns + a] * values[k * columns + b];
          }
          assertThat(product)
              .as("%s, %d and %d", layer.name(), a, b)
              .isCloseTo(a == b ? 1.5 * 1.5 : 0, within(1e-6));
        }
      }
    }
  }

  @Test
  void orthogonal_squareMatrices_areTurnedAndMirroredAlike() {
    ParameterSpec square =
        new ParameterSpec(
            new ParameterShape(new ParameterId("p"), List.of(2, 2)), Role.WEIGHT, 2, 2, 0);
    InitialDraw orthogonal = draw("orthogonal", 1, 1);
    int mirrored = 0;
    double firsts = 0;
    for (int index = 0; index < 2_000; index++) {
      float[] q = orthogonal.values(square, index);
      mirrored += q[0] * q[3] - q[1] * q[2] < 0 ? 1 : 0;
      firsts += q[0];
    }

    assertThat(mirrored).isBetween(880, 1_120);
    assertThat(firsts / 2_000).isCloseTo(0, within(0.08));
  }

  @Test
  void he_keepsTheBitsOfVersion01() {
    assertThat(draw("he", 1, 42).values(spec(Role.WEIGHT, 3, 2), 0))
        .containsExactly(-1.1211544f, -0.2873879f, -2.9365244f);
  }

  @ParameterizedTest
  @MethodSource("names")
  void values_followFromSeedAndParameterAlone(String name) {
    ParameterSpec weight = parameter(LENET_5, "conv2.weight");

    float[] values = draw(name, 1, 1).values(weight, 1);

    assertThat(values).isEqualTo(draw(name, 1, 1).values(weight, 1));
    assertThat(correlation(values, draw(name, 1, 1).values(weight, 2)))
        .isCloseTo(0, within(5 / Math.sqrt(values.length)));
    assertThat(correlation(values, draw(name, 1, 2).values(weight, 1)))
        .isCloseTo(0, within(5 / Math.sqrt(values.length)));
  }

  @ParameterizedTest
  @MethodSource("names")
  void norms_areConstantWhateverTheInitializer(String name) {
    InitialDraw draw = draw(name, 2, 1);

    assertThat(draw.values(spec(Role.NORM_SCALE, 2, 1), 0)).containsExactly(1, 1);
    assertThat(draw.values(spec(Role.NORM_SHIFT, 2, 1), 0)).containsExactly(0, 0);
    assertThat(draw.values(spec(Role.RUNNING_MEAN, 2, 1), 0)).containsExactly(0, 0);
    assertThat(draw.values(spec(Role.RUNNING_VARIANCE, 2, 1), 0)).containsExactly(1, 1);
  }

  @Test
  void values_ofAllInitializers_differ() {
    Set<List<Float>> drawn = new HashSet<>();
    for (String name : names()) {
      float[] values = draw(name, 1, 1).values(parameter(LENET_5, "conv1.weight"), 0);
      drawn.add(List.of(values[0], values[1], values[2]));
    }

    assertThat(drawn).hasSameSizeAs(names());
  }

  @ParameterizedTest
  @MethodSource("names")
  void recipe_thatNamesOne_drawsByIt(String name) {
    MemberSettings bare = model("{ kind = lenet-5, initial = " + name + " }").initial();
    MemberSettings block =
        model("{ kind = lenet-5, initial { kind = " + name + ", gain = 0.5 } }").initial();

    assertThat(bare).isEqualTo(MemberSettings.of(name).with("gain", 1.0));
    assertThat(block).isEqualTo(MemberSettings.of(name).with("gain", 0.5));
  }

  @ParameterizedTest
  @MethodSource("names")
  void defaults_areThoseOfReferenceConf(String name) throws IOException {
    String reference = Files.readString(Path.of("../../configs/reference.conf"));
    Matcher line =
        Pattern.compile("\\b%s \\{ gain = (.*?) }".formatted(name))
            .matcher(reference.substring(reference.indexOf("\n  initial {")));

    assertThat(line.find()).isTrue();
    assertThat(
            model(
                "{ kind = lenet-5, initial { kind = %s, gain = %s } }"
                    .formatted(name, line.group(1))))
        .isEqualTo(model("{ kind = lenet-5, initial = " + name + " }"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "initial = xaver | model.initial: initial must be one of he, he-uniform, uniform-fan-in,"
            + " xavier, xavier-uniform, lecun, lecun-uniform, orthogonal, erratic:"
            + " initial=\"xaver\"; did you mean xavier?",
        "initial { kind = he, gain = 0 } | model.initial.gain: gain must be above 0, at most 100:"
            + " gain=0",
        "initial { kind = orthogonal, gain = -1 } | model.initial.gain: gain must be above 0, at"
            + " most 100: gain=-1",
        "initial { gain = 1000 } | model.initial.gain: gain must be above 0, at most 100:"
            + " gain=1000",
        "initial { kind = he, gains = 2 } | model.initial.gains: unknown key: gains=2; known keys:"
            + " gain, kind; did you mean gain?",
      })
  void recipe_withAnUnknownNameOrGain_isRefusedWithItsLine(String choice, String problem) {
    assertThatThrownBy(() -> model("{ kind = lenet-5, " + choice + " }"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage("my.conf:2: " + problem);
  }

  @Test
  void recipe_withoutTheKey_drawsByTheDefaultOfReferenceConf() throws IOException {
    Optional<String> standard =
        Stream.of(Files.readString(Path.of("../../configs/reference.conf")))
            .map(Pattern.compile("\nmodel \\{.*?\n  initial = (\\S+)", Pattern.DOTALL)::matcher)
            .filter(Matcher::find)
            .map(found -> found.group(1))
            .findFirst();

    assertThat(standard).contains(model("lenet-5").initial().name());
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double meanSquare(float[] values) {
    return product(values, values) / values.length;
  }

  private static double correlation(float[] a, float[] b) {
    return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
  }

  private static double product(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static double largest(float[] values) {
    double largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
