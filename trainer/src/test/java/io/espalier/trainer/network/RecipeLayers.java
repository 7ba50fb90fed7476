package io.espalier.trainer.network;

import io.espalier.configs.LayerConfig;
import io.espalier.configs.LayerConfig.Named;
import io.espalier.configs.LayerKinds.Settings;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.ModelConfig.Pooling;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Layers as recipes spell them. */
public final class RecipeLayers {
  public static final int CLASSES = Settings.CLASSES;

  /** Kinds of layers that read tokens or sequences. */
  public static final Set<String> OF_SEQUENCES =
      Set.of(
          "token-embedding",
          "position-embedding",
          "rotary-embedding",
          "flatten-positions",
          "padding-mask",
          "mean-pool",
          "first-position",
          "class-token",
          "position-norm",
          "rms-norm",
          "attention");

  private RecipeLayers() {}

  public static Named named(String name, LayerConfig layer, String... from) {
    return new Named(name, layer, List.of(from));
  }

  public static LayerConfig of(String kind) {
    return of(kind, Map.of());
  }

  public static LayerConfig of(String kind, Map<String, Object> settings) {
    return new LayerConfig(LayerRegistry.named(kind), settings);
  }

  public static LayerConfig convolution(
      int outputs, int kernel, int stride, int padding, int groups, boolean bias) {
    return of(
        "convolution",
        Map.of(
            "outputs", outputs, "kernel", kernel, "stride", stride, "padding", padding, "groups",
            groups, "bias", bias));
  }

  public static LayerConfig linear(int outputs, boolean bias) {
    return of("linear", Map.of("outputs", outputs, "bias", bias));
  }

  public static LayerConfig groupNorm(int groups) {
    return of("group-norm", Map.of("groups", groups));
  }

  public static LayerConfig pool(String kind, int kernel, int stride, int padding) {
    return of(kind, Map.of("kernel", kernel, "stride", stride, "padding", padding));
  }

  /** Models that recipes name, for grey images of 28 × 28. */
  public static List<ModelConfig.Architecture> builtIn() {
    return List.of(
        new ModelConfig.Mlp(List.of(5)),
        new ModelConfig.LeNet300100(),
        new ModelConfig.LeNet5(),
        new ModelConfig.LeNet5BatchNorm(),
        new ModelConfig.ResNet(8, 4),
        new ModelConfig.MobileNet(2),
        new ModelConfig.TinyVit(7, 1, 4, 2, 6, Pooling.MEAN),
        new ModelConfig.Layers(
            List.of(
                named("flatten", of("flatten"), "input"),
                named("output", linear(CLASSES, true), "flatten"))));
  }

  /** Every layer of recipes that has no parameters and keeps the shape of its one input. */
  public static List<Layer> activations() {
    List<TensorShape> shape = List.of(TensorShape.image(2, 4, 4));
    return new LayerRegistry()
        .all().stream()
            .filter(kind -> kind.takes(1) && !kind.name().equals("linear"))
            .filter(kind -> !OF_SEQUENCES.contains(kind.name()))
            .map(kind -> LayerKind.layer(new LayerConfig(kind, Map.of()), DataSizes.of(1)))
            .filter(layer -> layer.outputOf(shape).equals(shape.get(0)))
            .filter(layer -> layer.parametersOf("layer", shape).isEmpty())
            .toList();
  }

  /** Every type of layer that model files store. */
  public static Set<Class<?>> stored() {
    return stored(kind -> true);
  }

  /** Those of images and vectors. */
  public static Set<Class<?>> storedOfImages() {
    return stored(kind -> !OF_SEQUENCES.contains(kind.name()));
  }

  private static Set<Class<?>> stored(Predicate<LayerKind> chosen) {
    return LayerRegistry.KINDS.stream()
        .filter(chosen)
        .flatMap(kind -> kind.stored().stream())
        .collect(Collectors.toSet());
  }
}
