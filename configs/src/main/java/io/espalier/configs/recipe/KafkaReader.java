package io.espalier.configs.recipe;

import static io.espalier.configs.recipe.Notation.REAL;
import static io.espalier.configs.recipe.Notation.SHARE;
import static io.espalier.configs.recipe.Notation.TEXT;
import static io.espalier.configs.recipe.Notation.WHOLE;

import com.typesafe.config.ConfigList;
import io.espalier.configs.KafkaConfig;
import io.espalier.configs.VocabularyConfig;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

final class KafkaReader {
  private static final int MOST_NAMES = KafkaConfig.MAX_FEATURES;

  private static final Notation<List<String>> FEATURES =
      countOrNames("how many values an example has, or a list of their names", i -> "f" + (i + 1));

  private static final Notation<List<String>> CLASSES =
      countOrNames("how many classes there are, or a list of their names", String::valueOf);

  private static final Family<KafkaConfig.Start> START =
      Family.of("start", KafkaConfig.Start.class);

  private static final Family<KafkaConfig.Records> RECORDS =
      Family.of("records", KafkaConfig.Records.class);

  private KafkaReader() {}

  static KafkaConfig kafka(Section kafka) {
    return new KafkaConfig(
        kafka.required("topic", TEXT, "the name of the topic to read", "topic"),
        kafka.value("partitions", WHOLE.list()),
        kafka.at("context").isPresent() ? texts(kafka) : numbers(kafka),
        kafka.value("hold-out", SHARE),
        kafka.value("window", WHOLE),
        START.read(kafka, "start"));
  }

  private static KafkaConfig.Numbers numbers(Section kafka) {
    Optional<List<Integer>> shape = kafka.optional("shape", WHOLE.list());
    Optional<List<String>> features = kafka.optional("features", FEATURES);
    requireOne(kafka);
    List<String> columns = features.orElse(shape.isPresent() ? List.of() : List.of("f1"));
    return new KafkaConfig.Numbers(
        columns.isEmpty() ? shape.orElse(List.of()) : List.of(1, 1, columns.size()),
        columns,
        kafka.required("classes", CLASSES, CLASSES.rule(), List.of("0", "1")),
        kafka.value("mean", REAL.list()),
        kafka.value("deviation", REAL.list()));
  }

  private static KafkaConfig.Texts texts(Section kafka) {
    requireNoNumbers(kafka);
    int context = kafka.required("context", WHOLE, "tokens of an example", 1);
    VocabularyConfig vocabulary =
        kafka.at("vocabulary").isPresent()
            ? DataFamilies.VOCABULARY.read(kafka, "vocabulary")
            : new VocabularyConfig.Bytes();
    List<String> classes = kafka.optional("classes", CLASSES).orElse(List.of());
    OptionalDouble characters =
        classes.isEmpty()
            ? OptionalDouble.of(charactersPerToken(kafka, vocabulary))
            : OptionalDouble.empty();
    return new KafkaConfig.Texts(
        vocabulary,
        context,
        classes,
        characters,
        kafka.at("records").isPresent()
            ? RECORDS.read(kafka, "records")
            : KafkaConfig.Records.JSON);
  }

  /** A byte is a character of most texts; what tokens stand for cannot be known. */
  private static double charactersPerToken(Section kafka, VocabularyConfig vocabulary) {
    String key = "characters-per-token";
    return vocabulary instanceof VocabularyConfig.Tokenizer
        ? kafka.required(
            key, REAL, "how many characters a token stands for on average, such as 4", 1.0)
        : kafka.optional(key, REAL).orElse(1.0);
  }

  private static void requireNoNumbers(Section kafka) {
    for (String key : List.of("features", "shape", "mean", "deviation")) {
      if (kafka.at(key).isPresent()) {
        kafka.note(
            key,
            "%s must be left away for texts, which context says: %s, %s"
                .formatted(key, kafka.shown(key), kafka.shown("context")));
      }
    }
  }

  private static void requireOne(Section kafka) {
    boolean shape = kafka.at("shape").isPresent();
    boolean features = kafka.at("features").isPresent();
    if (shape && features) {
      kafka.note(
          "features",
          "features and shape must not both be given: %s, %s"
              .formatted(kafka.shown("features"), kafka.shown("shape")));
    } else if (!shape && !features) {
      kafka.note(
          "features",
          "features must be given: "
              + FEATURES.rule()
              + "; or, for images, shape = [channels, height, width]; or, for texts, context");
    }
  }

  private static Notation<List<String>> countOrNames(String rule, IntFunction<String> name) {
    Notation<List<String>> names = TEXT.list();
    return new Notation<>(
        rule,
        value -> value instanceof ConfigList ? names.parse(value) : named(WHOLE.parse(value), name),
        list ->
            list.equals(named(list.size(), name)) ? WHOLE.print(list.size()) : names.print(list));
  }

  private static List<String> named(int count, IntFunction<String> name) {
    if (count < 1 || count > MOST_NAMES) {
      throw new IllegalArgumentException("count=" + count);
    }
    return IntStream.range(0, count).mapToObj(name).toList();
  }
}
