package io.espalier.configs.recipe;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import io.espalier.configs.plugin.PluginRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All keys of recipes, as their readers ask for them, with defaults and comments of {@code
 * reference.conf}. Immutable.
 */
public final class RecipeReference {
  private static final String DEFAULTS = "defaults";

  /** Where recipes choose a member of a family. */
  private static final List<Place> PLACES =
      List.of(
          new Place("data", DataFamilies.DATA),
          new Place("data.vocabulary", DataFamilies.VOCABULARY),
          new Place("model", ModelFamilies.MODEL),
          new Place("model.initial", ModelFamilies.INITIALIZER),
          new Place("model.layers[]", LayersReader.LAYER),
          new Place("train.optimizer", TrainFamilies.OPTIMIZER),
          new Place("train.learning-rate", TrainFamilies.LEARNING_RATE),
          new Place("train.objective", TrainFamilies.OBJECTIVE),
          new Place("train.rules[]", TrainFamilies.RULE),
          new Place("train.average", TrainFamilies.AVERAGE),
          new Place("train.stop-early", TrainFamilies.STOP_EARLY),
          new Place("prune.granularity", PruneFamilies.GRANULARITY),
          new Place("prune.score", PruneFamilies.SCORE),
          new Place("prune.allocation", PruneFamilies.ALLOCATION),
          new Place("prune.selection", PruneFamilies.SELECTION),
          new Place("prune.schedule", PruneFamilies.SCHEDULE),
          new Place("prune.mask", PruneFamilies.MASK),
          new Place("prune.regrowth", PruneFamilies.REGROWTH),
          new Place("prune.refit", PruneFamilies.REFIT),
          new Place("federation", FederationFamilies.FEDERATION),
          new Place("federation.aggregation", FederationFamilies.AGGREGATION));

  private static final ConfigObject EVERY_KEY =
      ConfigFactory.parseString("data.kind = digits, model.kind = lenet-5")
          .root()
          .withFallback(HoconText.reference().withoutKey(DEFAULTS));

  private static final ConfigObject WEIGHTS =
      HoconText.keys(EVERY_KEY.toConfig().getValue("model." + ModelFamilies.WEIGHTS));

  /** A topic of texts has other keys than one of numbers. */
  private static final ConfigObject TEXTS =
      ConfigFactory.parseString("context = 64, vocabulary = bytes, records = json").root();

  private final List<Key> keys = new ArrayList<>();
  private final Map<String, List<String>> families = new LinkedHashMap<>();
  private final ReferenceText text = ReferenceText.of(HoconText.referenceText());

  private RecipeReference() {
    Reading reading = Reading.of(PluginRegistry.installed(), new TextOrder());
    Section root = Section.root(EVERY_KEY, reading);
    root.part(RunReader::run);
    root.uses().forEach((path, use) -> add(path, "", path, use));
    for (Place place : PLACES) {
      add(place, root);
    }
    root.inside("model")
        .probed(ModelFamilies.WEIGHTS, WEIGHTS, ModelFamilies::weights)
        .uses()
        .forEach((key, use) -> addShared("model." + ModelFamilies.WEIGHTS + "." + key, use));
    root.probed("data", TEXTS, DataFamilies.DATA.defaults("kafka"), KafkaReader::kafka)
        .uses()
        .forEach((key, use) -> addOnce("data." + key, "kafka", "defaults.data.kafka." + key, use));
  }

  /** Asks the readers of all members on the class path. */
  public static RecipeReference installed() {
    return new RecipeReference();
  }

  private record Place(String path, Family<?> family) {}

  /**
   * A key.
   *
   * @param path where recipes have it; items of lists are {@code []}
   * @param kind the kind of its block that has it; nothing for a key of every recipe
   * @param standard its default, if it has one
   * @param unit what its values are
   * @param sentence what it means
   */
  public record Key(
      String path, String kind, Optional<String> standard, String unit, String sentence) {
    /** Its name in its block. */
    public String name() {
      return path.substring(path.lastIndexOf('.') + 1);
    }
  }

  /** All keys; those of a family's members behind those of every recipe. */
  public List<Key> keys() {
    return List.copyOf(keys);
  }

  /** The kinds of each family, by the key that chooses one. */
  public Map<String, List<String>> families() {
    return Map.copyOf(families);
  }

  private void add(Place place, Section root) {
    int dot = place.path().lastIndexOf('.');
    String name = place.path().substring(dot + 1);
    Section parent = dot < 0 ? root : root.inside(place.path().substring(0, dot));
    ConfigObject shared = parent.defaultKeys(name);
    Map<String, Section> kinds = place.family().probed(parent, name);
    families.put(place.path(), List.copyOf(kinds.keySet()));
    kinds.forEach(
        (kind, section) ->
            section
                .uses()
                .forEach(
                    (key, use) -> {
                      String first = key.split("\\.", 2)[0];
                      if (shared.containsKey(first)) {
                        addShared(place.path() + "." + key, use);
                      } else {
                        String defaults = DEFAULTS + "." + place.family().name() + "." + kind;
                        add(place.path() + "." + key, kind, defaults + "." + key, use);
                      }
                    }));
  }

  private void addShared(String path, KeyUse use) {
    addOnce(path, "", path, use);
  }

  private void addOnce(String path, String kind, String line, KeyUse use) {
    if (keys.stream().noneMatch(key -> key.path().equals(path) && key.kind().equals(kind))) {
      add(path, kind, line, use);
    }
  }

  private void add(String path, String kind, String line, KeyUse use) {
    Optional<String> standard =
        text.at(line).flatMap(ReferenceText.Line::standard).or(use::standard);
    String sentence = text.sentence(line);
    keys.add(
        new Key(path, kind, standard, use.unit(), sentence.isEmpty() ? use.meaning() : sentence));
  }
}
