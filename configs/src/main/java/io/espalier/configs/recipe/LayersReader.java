package io.espalier.configs.recipe;

import static io.espalier.configs.recipe.Notation.FLAG;
import static io.espalier.configs.recipe.Notation.REAL;
import static io.espalier.configs.recipe.Notation.TEXT;
import static io.espalier.configs.recipe.Notation.WHOLE;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import io.espalier.configs.LayerConfig;
import io.espalier.configs.LayerKinds;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.Rules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * Reads a network layer by layer: each reads the one before unless {@code from} says otherwise;
 * unnamed ones get their kind's prefix and a running number.
 */
final class LayersReader {
  private static final String NAME = "name";
  private static final String FROM = "from";
  private static final String LAYERS = "layers";
  private static final String MEANING =
      "a list of layers, such as [flatten, { kind = linear, outputs = classes }]";
  private static final List<LayerKinds.Kind> KINDS =
      ServiceLoader.load(LayerKinds.class, LayerKinds.class.getClassLoader()).stream()
          .flatMap(provider -> provider.get().all().stream())
          .toList();
  static final Family<LayerConfig> LAYER = family();

  private final Section items;
  private final List<LayerConfig.Named> layers = new ArrayList<>();
  private final Set<String> taken = new HashSet<>();
  private String before = LayerConfig.Named.INPUT;

  private LayersReader(Section items) {
    this.items = items;
  }

  private static Family<LayerConfig> family() {
    Family<LayerConfig> family = Family.<LayerConfig>named("layer").outerKeys(NAME, FROM);
    for (LayerKinds.Kind kind : KINDS) {
      family = family.with(kind.name(), section -> read(kind, section));
    }
    return family;
  }

  private static LayerConfig read(LayerKinds.Kind kind, Section section) {
    Map<String, Object> values = new LinkedHashMap<>();
    kind.read(new Keys(section, values));
    return new LayerConfig(kind, values);
  }

  static ModelConfig.Layers read(Section model) {
    if (KINDS.isEmpty()) {
      throw new IllegalStateException("the class path must have a service: " + LayerKinds.class);
    }
    Section items = model.items(LAYERS, MEANING);
    if (!model.isSound(LAYERS)) {
      List<String> from = List.of(LayerConfig.Named.INPUT);
      return new ModelConfig.Layers(
          List.of(new LayerConfig.Named("stand-in", standIn(from), from)));
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
    LayerConfig layer = LAYER.read(items, key(index));
    Section place = items.child(key(index), item(index), ConfigFactory.empty().root());
    String name = place.optional(NAME, TEXT).orElseGet(() -> numbered(layer.kind().prefix()));
    place.resolve(NAME, TEXT.print(name));
    List<String> from = place.optional(FROM, TEXT.oneOrMore()).orElseGet(() -> List.of(before));
    boolean known = items.isSound(key(index));
    layers.add(new LayerConfig.Named(name, known ? layer : standIn(from), from));
    items.resolve(key(index), settings(index, layer.kind().name(), place.resolved()));
    before = name;
  }

  /** Replaces a layer of unknown kind, so that reading can go on. */
  private static LayerConfig standIn(List<String> from) {
    return KINDS.stream()
        .filter(kind -> kind.takes(1) == (from.size() == 1))
        .findFirst()
        .map(kind -> new LayerConfig(kind, Map.of()))
        .orElseThrow();
  }

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

  private record Keys(Section section, Map<String, Object> values) implements LayerKinds.Settings {
    private static final Notation<Integer> OUTPUTS =
        Notation.ofScalar("a whole number, or classes", Keys::outputsOf, Keys::outputsText);

    @Override
    public int whole(String key, int standard) {
      return put(key, section.value(key, WHOLE, standard));
    }

    @Override
    public int required(String key, String meaning, int standIn) {
      return put(key, section.required(key, WHOLE, meaning, standIn));
    }

    @Override
    public double number(String key, double standard) {
      return put(key, section.value(key, REAL, standard));
    }

    @Override
    public boolean flag(String key, boolean standard) {
      return put(key, section.value(key, FLAG, standard));
    }

    @Override
    public int outputs(String what) {
      String meaning = "a number of %s, or classes for one per class".formatted(what);
      return put("outputs", section.required("outputs", OUTPUTS, meaning, CLASSES));
    }

    private <T> T put(String key, T value) {
      values.put(key, value);
      return value;
    }

    private static int outputsOf(String text) {
      if (text.equals("classes")) {
        return CLASSES;
      }
      int outputs = Integer.parseInt(text);
      new Rules().require("outputs", outputs, outputs >= 1, "1 or more").verify();
      return outputs;
    }

    private static String outputsText(int outputs) {
      return outputs == CLASSES ? "classes" : String.valueOf(outputs);
    }
  }
}
