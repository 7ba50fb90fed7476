package io.espalier.configs;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Records of a Kafka topic, trained on as they arrive; docs/streams.md has the format. Facts that
 * only show after all examples are declared.
 *
 * @param partitions of the topic that are read, in the order of their turns; empty means all
 * @param holdOut share of the examples that is evaluated on and never trained on
 * @param window how many of the newest held-out examples an evaluation takes
 * @param start where a run without a checkpoint begins
 */
public record KafkaConfig(
    String topic,
    List<Integer> partitions,
    Content content,
    double holdOut,
    int window,
    Start start)
    implements DataConfig.Source {
  /** The most values that an example may have. */
  public static final int MAX_FEATURES = 1_000_000;

  private static final int MAX_CLASSES = 10_000;
  private static final long MAX_WINDOW_VALUES = 200_000_000;

  /** States in messages what {@link #isTopic} requires. */
  public static final String TOPIC_RULE =
      "the name of a topic: 1 to 249 letters, digits, dots, underscores and hyphens";

  /** Whether Kafka takes a name for a topic. */
  public static boolean isTopic(String name) {
    return name.matches("[a-zA-Z0-9._-]{1,249}") && !name.matches("\\.\\.?");
  }

  public KafkaConfig {
    partitions = List.copyOf(partitions);
    new Rules()
        .require("topic", topic, isTopic(topic), TOPIC_RULE)
        .require(
            "partitions",
            partitions,
            Set.copyOf(partitions).size() == partitions.size()
                && partitions.stream().allMatch(partition -> partition >= 0),
            "numbers of partitions from 0, each once, or [] for all")
        .require(
            "hold-out",
            holdOut,
            holdOut > 0 && holdOut <= 0.5,
            "above 0% and at most 50%: a stream has no other examples to evaluate on")
        .require(
            "window",
            window,
            window >= 1 && window * features(content.shape()) <= MAX_WINDOW_VALUES,
            "1 or more, and together with the features at most 200,000,000 values in memory")
        .verify();
  }

  private static long features(List<Integer> shape) {
    long features = 1;
    for (int side : shape) {
      features = side < 1 ? 0 : Math.min(MAX_FEATURES + 1L, features * side);
    }
    return features;
  }

  private static boolean areClasses(List<String> classes) {
    return classes.size() >= 2
        && classes.size() <= MAX_CLASSES
        && Set.copyOf(classes).size() == classes.size();
  }

  private static Object shown(List<String> classes) {
    return classes.size() <= 10 ? classes : classes.size();
  }

  @Override
  public String kind() {
    return "kafka";
  }

  @Override
  public Optional<List<Integer>> knownShape() {
    return Optional.of(content.shape());
  }

  /** Returns the metric by which evaluations are read. */
  public Metric metric() {
    return content instanceof Texts texts && !texts.labelled()
        ? Metric.bitsPerCharacter(texts.charactersPerToken().orElse(1))
        : Metric.ACCURACY;
  }

  @Override
  public Map<String, Path> files() {
    return content instanceof Texts texts ? texts.vocabulary().files() : Map.of();
  }

  /** Describes the content of the records. */
  public sealed interface Content {
    /** The shape of one example, {@code [channels, height, width]}. */
    List<Integer> shape();
  }

  /**
   * Numbers with a class each.
   *
   * @param shape of one example, {@code [channels, height, width]}
   * @param columns names of a table's columns; empty for images
   * @param classes name of each class; a label is a name or an index into them
   * @param mean subtracted from raw values: one for all, or one per channel or column
   * @param deviation divides them then, likewise
   */
  public record Numbers(
      List<Integer> shape,
      List<String> columns,
      List<String> classes,
      List<Double> mean,
      List<Double> deviation)
      implements Content {
    public Numbers {
      shape = List.copyOf(shape);
      columns = List.copyOf(columns);
      classes = List.copyOf(classes);
      mean = List.copyOf(mean);
      deviation = List.copyOf(deviation);
      long features = features(shape);
      int groups = columns.isEmpty() && !shape.isEmpty() ? shape.get(0) : columns.size();
      new Rules()
          .require(
              columns.isEmpty() ? "shape" : "features",
              columns.isEmpty() ? shape : columns.size(),
              shape.size() == 3 && features >= 1 && features <= MAX_FEATURES,
              columns.isEmpty()
                  ? "[channels, height, width], together at most 1,000,000 values"
                  : "from 1 to 1,000,000 values")
          .require(
              "features",
              columns,
              columns.isEmpty()
                  || (columns.size() == features && Set.copyOf(columns).size() == columns.size()),
              "names of columns, each once")
          .require(
              "classes",
              KafkaConfig.shown(classes),
              areClasses(classes),
              "2 to 10,000 classes, each with a name of its own")
          .require(
              "mean",
              mean,
              fits(mean, groups) && mean.stream().allMatch(Double::isFinite),
              "one number for all, or one per channel or column")
          .require(
              "deviation",
              deviation,
              fits(deviation, groups)
                  && deviation.stream().allMatch(value -> value > 0 && Double.isFinite(value)),
              "one number above 0 for all, or one per channel or column")
          .verify();
    }

    private static boolean fits(List<Double> values, int groups) {
      return values.size() == 1 || values.size() == groups;
    }
  }

  /**
   * Texts: with a class each, or as one text whose next token is learned.
   *
   * @param vocabulary bytes or a tokenizer
   * @param context tokens of an example
   * @param classes name of each class; empty where the next token is learned
   * @param charactersPerToken of the next tokens on average, which bits per character are counted
   *     by; empty where classes are learned
   * @param records what those without a content type are
   */
  public record Texts(
      VocabularyConfig vocabulary,
      int context,
      List<String> classes,
      OptionalDouble charactersPerToken,
      Records records)
      implements Content {
    public Texts {
      classes = List.copyOf(classes);
      new Rules()
          .require(
              "vocabulary",
              "characters",
              !(vocabulary instanceof VocabularyConfig.Characters),
              "bytes, or the path of a tokenizer.json: a stream shows its characters too late")
          .require(
              "context",
              context,
              context >= 1 && context <= TextConfig.Text.MAX_CONTEXT,
              "from 1 to " + TextConfig.Text.MAX_CONTEXT)
          .require(
              "classes",
              KafkaConfig.shown(classes),
              classes.isEmpty() || areClasses(classes),
              "2 to 10,000 classes, each with a name of its own, or left away to learn the next token")
          .require(
              "characters-per-token",
              charactersPerToken.orElse(1),
              charactersPerToken.orElse(1) > 0 && Double.isFinite(charactersPerToken.orElse(1)),
              "above 0")
          .require(
              "records",
              "text",
              classes.isEmpty() || records == Records.JSON,
              "json where classes are learned: plain text has no label")
          .verify();
    }

    /** Whether examples are whole texts with a class each. */
    public boolean labelled() {
      return !classes.isEmpty();
    }

    @Override
    public List<Integer> shape() {
      return List.of(1, 1, context);
    }
  }

  /** Says how a record of text without a content type is read. */
  public enum Records {
    /** {@code {"text": "…"}}. */
    JSON,
    /** The text itself, as UTF-8. */
    TEXT
  }

  /** Which record of a topic is a run's first. */
  public enum Start {
    /** The oldest that the topic holds. */
    EARLIEST,
    /** The run reads records that are written after it began. */
    LATEST
  }
}
