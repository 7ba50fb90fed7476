package io.espalier.configs.recipe;

import static io.espalier.configs.recipe.Notation.FLAG;
import static io.espalier.configs.recipe.Notation.REAL;
import static io.espalier.configs.recipe.Notation.WHOLE;

import io.espalier.configs.LayerConfig;
import io.espalier.configs.LayerConfig.Activation;
import io.espalier.configs.LayerConfig.Function;
import io.espalier.configs.LayerConfig.Outputs;
import io.espalier.configs.LayerConfig.Window;
import java.util.Optional;

/** The registry of layers: one line per kind; {@code name} and {@code from} are read elsewhere. */
final class LayerFamilies {
  private static final Notation<Outputs> OUTPUTS =
      Notation.ofScalar("a whole number, or classes", LayerFamilies::outputs, Outputs::toString);

  static final Family<LayerConfig> LAYER =
      Family.<LayerConfig>named("layer")
          .with("flatten", s -> new LayerConfig.Flatten())
          .with("convolution", LayerFamilies::convolution)
          .with("linear", LayerFamilies::linear)
          .with("batch-norm", s -> new LayerConfig.BatchNorm())
          .with("group-norm", LayerFamilies::groupNorm)
          .with("layer-norm", s -> new LayerConfig.LayerNorm())
          .with("relu", s -> new Activation(Function.RELU))
          .with("relu6", s -> new Activation(Function.RELU6))
          .with("leaky-relu", s -> new LayerConfig.LeakyRelu(s.value("slope", REAL)))
          .with("hard-swish", s -> new Activation(Function.HARD_SWISH))
          .with("sigmoid", s -> new Activation(Function.SIGMOID))
          .with("tanh", s -> new Activation(Function.TANH))
          .with("gelu", s -> new Activation(Function.GELU))
          .with("max-pool", s -> new LayerConfig.MaxPool(pool(s)))
          .with("average-pool", s -> new LayerConfig.AveragePool(pool(s)))
          .with("global-average-pool", s -> new LayerConfig.GlobalAveragePool())
          .with("add", s -> new LayerConfig.Add())
          .with("concat", s -> new LayerConfig.Concat())
          .outerKeys(LayersReader.NAME, LayersReader.FROM);

  private LayerFamilies() {}

  private static LayerConfig.Convolution convolution(Section layer) {
    return new LayerConfig.Convolution(
        outputsOf(layer, "channels"),
        layer.part(LayerFamilies::window),
        layer.value("groups", WHOLE),
        layer.value("bias", FLAG));
  }

  private static LayerConfig.Linear linear(Section layer) {
    return new LayerConfig.Linear(outputsOf(layer, "features"), layer.value("bias", FLAG));
  }

  private static LayerConfig.GroupNorm groupNorm(Section layer) {
    String meaning = "the number of blocks of channels that are normalised apart, such as 4";
    return new LayerConfig.GroupNorm(layer.required("groups", WHOLE, meaning, 1));
  }

  private static Outputs outputsOf(Section layer, String what) {
    String meaning = "a number of %s, or classes for one per class".formatted(what);
    return layer.required("outputs", OUTPUTS, meaning, new LayerConfig.Classes());
  }

  private static Window window(Section layer) {
    return new Window(
        layer.required("kernel", WHOLE, "the side of its square window, such as 3", 1),
        layer.value("stride", WHOLE),
        layer.value("padding", WHOLE));
  }

  /** Windows of a pool lie side by side unless told otherwise. */
  private static Window pool(Section layer) {
    int kernel = layer.value("kernel", WHOLE);
    Optional<Integer> stride = layer.optional("stride", WHOLE);
    if (stride.isEmpty()) {
      layer.resolve("stride", kernel);
    }
    return new Window(kernel, stride.orElse(Math.max(1, kernel)), layer.value("padding", WHOLE));
  }

  private static Outputs outputs(String text) {
    return text.equals(LayerConfig.Classes.WORD)
        ? new LayerConfig.Classes()
        : new LayerConfig.Fixed(Integer.parseInt(text));
  }
}
