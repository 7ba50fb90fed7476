package io.espalier.trainer.network;

import io.espalier.configs.LayerConfig;
import io.espalier.configs.LayerKinds;
import io.espalier.configs.LayerKinds.Settings;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * A kind of layer: its name in recipes and model files, and the keys that a recipe gives.
 *
 * @param stored the record of layers that model files store under the name; empty for a kind that
 *     is another one with certain settings
 * @param reader reads a recipe's keys, and makes the layer for a number of classes; empty for a
 *     kind that only ONNX files have
 */
record LayerKind(
    String name,
    String prefix,
    boolean joins,
    Optional<Class<? extends Layer>> stored,
    Optional<Function<Settings, IntFunction<Layer>>> reader)
    implements LayerKinds.Kind {

  static LayerKind of(
      String name, Class<? extends Layer> stored, Function<Settings, IntFunction<Layer>> reader) {
    return new LayerKind(name, name, false, Optional.of(stored), Optional.of(reader));
  }

  /** A kind without settings. */
  static LayerKind of(String name, Class<? extends Layer> stored, Supplier<Layer> layer) {
    return of(name, stored, settings -> classes -> layer.get());
  }

  static LayerKind onlyStored(String name, Class<? extends Layer> stored) {
    return new LayerKind(name, name, false, Optional.of(stored), Optional.empty());
  }

  static LayerKind onlyInRecipes(String name, String prefix, Supplier<Layer> layer) {
    return new LayerKind(
        name, prefix, false, Optional.empty(), Optional.of(settings -> classes -> layer.get()));
  }

  LayerKind withPrefix(String other) {
    return new LayerKind(name, other, joins, stored, reader);
  }

  /** This kind with two or more inputs. */
  LayerKind joining() {
    return new LayerKind(name, prefix, true, stored, reader);
  }

  @Override
  public boolean takes(int inputs) {
    return joins ? inputs >= 2 : inputs == 1;
  }

  @Override
  public void read(Settings settings) {
    IntFunction<Layer> unused = reader.orElseThrow().apply(settings);
  }

  /** The layer of a recipe, for data of so many classes. */
  static Layer layer(LayerConfig config, int classes) {
    Settings settings = new Known(config.settings());
    return LayerRegistry.named(config.kind().name())
        .reader()
        .orElseThrow()
        .apply(settings)
        .apply(classes);
  }

  /** Settings that a recipe's reader has read before. */
  private record Known(Map<String, Object> values) implements Settings {
    @Override
    public int whole(String key, int standard) {
      return (int) values.getOrDefault(key, standard);
    }

    @Override
    public int required(String key, String meaning) {
      return whole(key, 1);
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
