package io.espalier.configs.recipe;

import static io.espalier.configs.recipe.Notation.TEXT;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import io.espalier.configs.LayerConfig;
import io.espalier.configs.ModelConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a network that a recipe spells out layer by layer: each layer reads the one before it
 * unless {@code from} says otherwise, and one without a name is called by its kind and a running
 * number.
 */
final class LayersReader {
  static final String NAME = "name";
  static final String FROM = "from";
  private static final String LAYERS = "layers";
  private static final String MEANING =
      "a list of layers, such as [flatten, { kind = linear, outputs = classes }]";
  private static final ModelConfig.Layers STAND_IN =
      new ModelConfig.Layers(
          List.of(
              new LayerConfig.Named(
                  "flatten", new LayerConfig.Flatten(), List.of(LayerConfig.Named.INPUT))));

  private final Section items;
  private final List<LayerConfig.Named> layers = new ArrayList<>();
  private final Set<String> taken = new HashSet<>();
  private String before = LayerConfig.Named.INPUT;

  private LayersReader(Section items) {
    this.items = items;
  }

  static ModelConfig.Layers read(Section model) {
    Section items = model.items(LAYERS, MEANING);
    if (!model.isSound(LAYERS)) {
      return STAND_IN;
    }
    List<LayerConfig.Named> layers = new LayersReader(items).readAll();
    model.resolve(LAYERS, List.copyOf(items.resolved().values()));
    return new ModelConfig.Layers(layers);
  }

  private List<LayerConfig.Named> readAll() {
    int count = items.keys().size();
    for (int i = 0; i < count; i++) {
      HoconText.at(HoconText.keys(item(i)), NAME).flatMap(HoconText::scalar).ifPresent(taken::add);
    }
    for (int i = 0; i < count; i++) {
      readOne(i);
    }
    return layers;
  }

  private void readOne(int index) {
    LayerConfig layer = LayerFamilies.LAYER.read(items, key(index));
    Section place = items.child(key(index), item(index), ConfigFactory.empty().root());
    String name = place.optional(NAME, TEXT).orElseGet(() -> numbered(layer.shortName()));
    place.resolve(NAME, TEXT.print(name));
    List<String> from = place.optional(FROM, TEXT.oneOrMore()).orElseGet(() -> List.of(before));
    layers.add(new LayerConfig.Named(name, fitting(index, layer, from), from));
    items.resolve(key(index), settings(index, layer.kind(), place.resolved()));
    before = name;
  }

  /** For a layer of unknown kind, one that takes as many inputs, so that reading can go on. */
  private LayerConfig fitting(int index, LayerConfig layer, List<String> from) {
    if (items.isSound(key(index))) {
      return layer;
    }
    return from.size() == 1 ? new LayerConfig.Flatten() : new LayerConfig.Concat();
  }

  /** Kind, name and inputs of a layer, and behind them the settings that are its own. */
  private Map<String, Object> settings(int index, String kind, Map<String, Object> place) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("kind", kind);
    settings.putAll(place);
    if (items.resolved().get(key(index)) instanceof Map<?, ?> own) {
      own.forEach((setting, value) -> settings.put((String) setting, value));
    }
    return settings;
  }

  private String numbered(String prefix) {
    int number = 1;
    while (!taken.add(prefix + number)) {
      number++;
    }
    return prefix + number;
  }

  private ConfigValue item(int index) {
    return items.at(key(index)).orElseGet(() -> ConfigFactory.empty().root());
  }

  private static String key(int index) {
    return LAYERS + "[" + index + "]";
  }
}
