package io.espalier.configs.recipe;

import static io.espalier.configs.recipe.Notation.REAL;
import static io.espalier.configs.recipe.Notation.SHARE;
import static io.espalier.configs.recipe.Notation.TEXT;
import static io.espalier.configs.recipe.Notation.WHOLE;

import com.typesafe.config.ConfigList;
import io.espalier.configs.DataConfig;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

final class KafkaReader {
  private static final int MOST_NAMES = DataConfig.Kafka.MAX_FEATURES;

  private static final Notation<List<String>> FEATURES =
      countOrNames("how many values an example has, or a list of their names", i -> "f" + (i + 1));

  private static final Notation<List<String>> CLASSES =
      countOrNames("how many classes there are, or a list of their names", String::valueOf);

  private static final Family<DataConfig.Kafka.Start> START =
      Family.of("start", DataConfig.Kafka.Start.class);

  private KafkaReader() {}

  static DataConfig.Kafka kafka(Section kafka) {
    String topic = kafka.required("topic", TEXT, "the name of the topic to read", "topic");
    Optional<List<Integer>> shape = kafka.optional("shape", WHOLE.list());
    Optional<List<String>> features = kafka.optional("features", FEATURES);
    requireOne(kafka);
    List<String> columns = features.orElse(shape.isPresent() ? List.of() : List.of("f1"));
    return new DataConfig.Kafka(
        topic,
        kafka.value("partitions", WHOLE.list()),
        columns.isEmpty() ? shape.orElse(List.of()) : List.of(1, 1, columns.size()),
        columns,
        kafka.required("classes", CLASSES, CLASSES.rule(), List.of("0", "1")),
        kafka.value("mean", REAL.list()),
        kafka.value("deviation", REAL.list()),
        kafka.value("hold-out", SHARE),
        kafka.value("window", WHOLE),
        START.read(kafka, "start"));
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
              + "; or, for images, shape = [channels, height, width]");
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
