package io.espalier.trainer.network;

import io.espalier.configs.LayerConfig;
import io.espalier.configs.LayerKinds;
import io.espalier.configs.LayerKinds.Settings;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A kind of layer: its name and keys in recipes.
 *
 * @param stored the record in model files; empty for a preset of another kind
 * @param reader makes the layer from a recipe's keys; empty for kinds only in ONNX files
 */
public record LayerKind(
    String name,
    String prefix,
    int fewestInputs,
    int mostInputs,
    Optional<Class<? extends Layer>> stored,
    Optional<Function<Settings, Maker>> reader)
    implements LayerKinds.Kind {
  /** Makes a layer, once the data are known. */
  @FunctionalInterface
  public interface Maker {
    Layer make(DataSizes sizes);
  }

  public static LayerKind of(
      String name, Class<? extends Layer> stored, Function<Settings, Maker> reader) {
    return new LayerKind(name, name, 1, 1, Optional.of(stored), Optional.of(reader));
  }

  public static LayerKind of(String name, Class<? extends Layer> stored, Supplier<Layer> layer) {
    return of(name, stored, settings -> sizes -> layer.get());
  }

  public static LayerKind onlyStored(String name, Class<? extends Layer> stored) {
    return new LayerKind(name, name, 1, 1, Optional.of(stored), Optional.empty());
  }

  public static LayerKind onlyInRecipes(String name, String prefix, Supplier<Layer> layer) {
    return new LayerKind(
        name, prefix, 1, 1, Optional.empty(), Optional.of(settings -> sizes -> layer.get()));
  }

  public LayerKind withPrefix(String other) {
    return new LayerKind(name, other, fewestInputs, mostInputs, stored, reader);
  }

  public LayerKind joining() {
    return new LayerKind(name, prefix, 2, Integer.MAX_VALUE, stored, reader);
  }

  public LayerKind joining(int fewest, int most) {
    return new LayerKind(name, prefix, fewest, most, stored, reader);
  }

  @Override
  public boolean takes(int inputs) {
    return inputs >= fewestInputs && inputs <= mostInputs;
  }

  @Override
  public void read(Settings settings) {
    Maker unused = reader.orElseThrow().apply(settings);
  }

  static Layer layer(LayerConfig config, DataSizes sizes) {
    Settings settings = new Known(config.settings());
    return LayerRegistry.named(config.kind().name())
        .reader()
        .orElseThrow()
        .apply(settings)
        .make(sizes);
  }

  private record Known(Map<String, Object> values) implements Settings {
    @Override
    public int whole(String key, int standard) {
      return (int) values.getOrDefault(key, standard);
    }

    @Override
    public int required(String key, String meaning, int standIn) {
      return whole(key, standIn);
    }

    @Override
    public double number(String key, double standard) {
      return (double) values.getOrDefault(key, standard);
    }

    @Override
    public boolean flag(String key, boolean standard) {
      return (boolean) values.getOrDefault(key, standard);
    }

    @Override
    public int outputs(String what) {
      return whole("outputs", CLASSES);
    }
  }
}
