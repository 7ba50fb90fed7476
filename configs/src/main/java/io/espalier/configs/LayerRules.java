package io.espalier.configs;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks a list of layers that spells out a network, independently of the data. */
final class LayerRules {
  private static final int MOST = 1000;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

  private final List<LayerConfig.Named> layers;
  private final List<String> names;
  private final Rules rules = new Rules();

  private LayerRules(List<LayerConfig.Named> layers) {
    this.layers = layers;
    this.names = layers.stream().map(LayerConfig.Named::name).toList();
  }

  static void verify(List<LayerConfig.Named> layers) {
    new LayerRules(layers).verify();
  }

  private void verify() {
    int count = layers.size();
    rules
        .require("layers", count, count >= 1 && count <= MOST, "a list of 1 to 1000 layers")
        .verify();
    List<String> earlier = new ArrayList<>(List.of(LayerConfig.Named.INPUT));
    for (int i = 0; i < count; i++) {
      requireName(i, earlier);
      requireInputs(i, earlier);
      earlier.add(names.get(i));
    }
    if (rules.hold()) {
      requireReaders();
    }
    rules.verify();
  }

  private void requireName(int index, List<String> earlier) {
    String name = names.get(index);
    rules
        .require(
            field(index, "name"),
            name,
            NAME.matcher(name).matches(),
            "letters, digits, - and _, with dots between them")
        .require(
            field(index, "name"),
            name,
            !earlier.contains(name),
            "a name of its own, not input nor that of an earlier layer");
  }

  private void requireInputs(int index, List<String> earlier) {
    LayerConfig.Named layer = layers.get(index);
    for (String from : layer.from()) {
      boolean later = names.contains(from);
      rules.require(
          field(index, "from"),
          from,
          earlier.contains(from),
          later
              ? "input or earlier layers, and %s does not come earlier".formatted(from)
              : "input or earlier layers, and there is no " + from,
          later ? List.of() : earlier);
    }
    LayerKinds.Kind kind = layer.layer().kind();
    rules.require(
        field(index, "from"),
        layer.from(),
        kind.takes(layer.from().size()),
        inputsOf(kind) + " for " + kind.name());
  }

  private static String inputsOf(LayerKinds.Kind kind) {
    return kind.takes(1)
        ? "one layer"
        : kind.takes(2) ? "a list of two or more layers" : "a list of three layers";
  }

  private void requireReaders() {
    Set<String> read = new HashSet<>();
    layers.forEach(layer -> read.addAll(layer.from()));
    for (String name : names.subList(0, names.size() - 1)) {
      rules.require(
          field(names.indexOf(name), "name"),
          name,
          read.contains(name),
          "in the from of a later layer, because only the last layer is the output");
    }
  }

  private static String field(int index, String key) {
    return "layers[" + index + "]." + key;
  }
}
