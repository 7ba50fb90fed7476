package io.espalier.configs;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The examples of a run.
 *
 * @param batchSize examples per step and trainer
 * @param validation share of the training examples that is held out for evaluation while training
 * @param onlyClasses names of the classes to learn, or their indices, in the order of the labels
 *     that they get; empty means all
 */
public record DataConfig(
    Source source,
    int batchSize,
    double validation,
    AugmentationConfig augmentation,
    List<String> onlyClasses) {
  public DataConfig {
    onlyClasses = List.copyOf(onlyClasses);
    new Rules()
        .require("batch-size", batchSize, batchSize >= 1, "1 or more")
        .require(
            "validation",
            validation,
            validation >= 0 && validation < 1,
            "at least 0% and below 100%")
        .require(
            "augmentation",
            augmentation,
            !isTable(source) || augmentation.equals(AugmentationConfig.NONE),
            "left away for a table: only images can be flipped and cropped")
        .require(
            "augmentation",
            augmentation,
            !isText(source) || augmentation.equals(AugmentationConfig.NONE),
            "left away for a text: only images can be flipped and cropped")
        .require(
            "validation",
            validation,
            !(source instanceof Text text) || !text.overlaps() || validation == 0,
            "left away where windows overlap, as those held out would be trained on: give a stride of context or more")
        .require(
            "validation",
            validation,
            !(source instanceof Kafka) || validation == 0,
            "left away for a stream: hold-out says which examples are not trained on")
        .require(
            "only-classes",
            onlyClasses,
            onlyClasses.isEmpty()
                || (onlyClasses.size() > 1 && Set.copyOf(onlyClasses).size() == onlyClasses.size()),
            "two classes or more, each once, or [] for all")
        .require(
            "only-classes",
            onlyClasses,
            !(source instanceof Kafka) || onlyClasses.isEmpty(),
            "left away for a stream, whose classes are declared")
        .require(
            "only-classes",
            onlyClasses,
            !(source instanceof Text) || onlyClasses.isEmpty(),
            "left away for a text, whose classes are its tokens")
        .verify();
  }

  public DataConfig(
      Source source, int batchSize, double validation, AugmentationConfig augmentation) {
    this(source, batchSize, validation, augmentation, List.of());
  }

  public DataConfig(Source source, int batchSize, double validation) {
    this(source, batchSize, validation, AugmentationConfig.NONE);
  }

  private static boolean isTable(Source source) {
    return source instanceof Csv || (source instanceof Kafka kafka && !kafka.columns().isEmpty());
  }

  private static Map<String, Path> pathOf(Optional<Path> path) {
    return path.map(present -> Map.of("path", present)).orElse(Map.of());
  }

  private static Map<String, Path> joined(Map<String, Path> some, Map<String, Path> others) {
    Map<String, Path> all = new TreeMap<>(some);
    all.putAll(others);
    return all;
  }

  private static boolean isText(Source source) {
    return source instanceof Text || source instanceof LabelledText;
  }

  public sealed interface Source {
    String kind();

    /** Files and directories that the source names, by the key below {@code data}. */
    default Map<String, Path> files() {
      return Map.of();
    }

    /**
     * Shape of an example, {@code [channels, height, width]}, where it does not depend on files or
     * on a user's code.
     */
    default Optional<List<Integer>> knownShape() {
      return Optional.empty();
    }

    /** Where the data are fetched from; empty if they are not fetched. */
    default Optional<MirrorConfig> mirror() {
      return Optional.empty();
    }
  }

  /**
   * Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017) as four IDX files, gzipped or not; without a
   * directory the home and the system's data sets are searched, then the mirror is used.
   */
  public record FashionMnist(Optional<Path> path, Optional<MirrorConfig> mirror) implements Source {
    public FashionMnist(Optional<Path> path) {
      this(path, Optional.empty());
    }

    @Override
    public String kind() {
      return "fashion-mnist";
    }

    @Override
    public Optional<List<Integer>> knownShape() {
      return Optional.of(List.of(1, 28, 28));
    }

    @Override
    public Map<String, Path> files() {
      return pathOf(path);
    }
  }

  /**
   * Images and labels as IDX files, named as MNIST names them.
   *
   * @param path directory of the files; nothing is fetched if it is given
   * @param mirror where to fetch the files that {@code sha256} names
   * @param sha256 digest of each unpacked file by its name without {@code .gz}
   * @param classes name of each label from 0; if empty, the labels that occur are the classes
   * @param channels which axis of an image of rank 3 is that of the channels
   * @param test share of the examples that makes the test set if the files have none
   */
  public record Idx(
      Optional<Path> path,
      Optional<MirrorConfig> mirror,
      Map<String, String> sha256,
      List<String> classes,
      ChannelOrder channels,
      double test)
      implements Source {
    public Idx {
      sha256 = Map.copyOf(sha256);
      classes = List.copyOf(classes);
      new Rules()
          .require(
              "path",
              "none",
              path.isPresent() || mirror.isPresent(),
              "a directory of IDX files, or url and sha256 must say what to fetch")
          .require(
              "sha256",
              "none",
              path.isPresent() || mirror.isEmpty() || !sha256.isEmpty(),
              "given with url: the digest of each unpacked file, by its name")
          .require(
              "classes",
              classes,
              classes.isEmpty()
                  || (classes.size() > 1 && Set.copyOf(classes).size() == classes.size()),
              "two names or more, each once")
          .require("test", test, test > 0 && test < 1, "above 0% and below 100%")
          .verify();
    }

    @Override
    public String kind() {
      return "idx";
    }

    @Override
    public Map<String, Path> files() {
      return pathOf(path);
    }
  }

  /**
   * PNG, JPEG and BMP files, one folder per class.
   *
   * @param path holds the class folders, or folders {@code train} and {@code test} that hold them
   * @param test share of the images that makes the test set if there is no folder {@code test}
   */
  public record Images(Path path, double test, ImageConfig image) implements Source {
    public Images {
      new Rules().require("test", test, test > 0 && test < 1, "above 0% and below 100%").verify();
    }

    @Override
    public String kind() {
      return "images";
    }

    @Override
    public Optional<List<Integer>> knownShape() {
      return Optional.of(List.of(image.colour().channels(), image.height(), image.width()));
    }

    @Override
    public Map<String, Path> files() {
      return Map.of("path", path);
    }
  }

  /** The place of the channels in an image of rank 3. */
  public enum ChannelOrder {
    /** {@code [channels, height, width]}. */
    FIRST,
    /** {@code [height, width, channels]}. */
    LAST
  }

  /**
   * The bundled handwritten digits (Alpaydin and Kaynak, 1998): 1,797 images of 8×8; {@code test}
   * is the share of the test set.
   */
  public record Digits(double test) implements Source {
    public Digits {
      new Rules().require("test", test, test > 0 && test < 1, "above 0% and below 100%").verify();
    }

    @Override
    public String kind() {
      return "digits";
    }

    @Override
    public Optional<List<Integer>> knownShape() {
      return Optional.of(List.of(1, 8, 8));
    }
  }

  /** A CSV file; {@code label} is the name or the index of the column to predict. */
  public record Csv(Path path, String label, TestSet test, TableConfig table) implements Source {
    public Csv(Path path, String label, TestSet test) {
      this(path, label, test, TableConfig.DEFAULT);
    }

    @Override
    public String kind() {
      return "csv";
    }

    @Override
    public Map<String, Path> files() {
      return test instanceof TestSet.File file
          ? Map.of("path", path, "test-path", file.path())
          : Map.of("path", path);
    }
  }

  /**
   * Labelled examples of a Kafka topic, trained on as they arrive; docs/streams.md has the format.
   * Facts that only show after all examples are declared.
   *
   * @param partitions of the topic that are read, in the order of their turns; empty means all
   * @param shape of one example, {@code [channels, height, width]}
   * @param columns names of a table's columns; empty for images
   * @param classes name of each class; a label is a name or an index into them
   * @param mean subtracted from raw values: one for all, or one per channel or column
   * @param deviation divides them then, likewise
   * @param holdOut share of the examples that is evaluated on and never trained on
   * @param window how many of the newest held-out examples an evaluation takes
   * @param start where a run without a checkpoint begins
   */
  public record Kafka(
      String topic,
      List<Integer> partitions,
      List<Integer> shape,
      List<String> columns,
      List<String> classes,
      List<Double> mean,
      List<Double> deviation,
      double holdOut,
      int window,
      Start start)
      implements Source {
    /** The most values that an example may have. */
    public static final int MAX_FEATURES = 1_000_000;

    private static final int MAX_CLASSES = 10_000;
    private static final long MAX_WINDOW_VALUES = 200_000_000;

    /** What {@link #isTopic} requires, for messages. */
    public static final String TOPIC_RULE =
        "the name of a topic: 1 to 249 letters, digits, dots, underscores and hyphens";

    /** Whether Kafka takes a name for a topic. */
    public static boolean isTopic(String name) {
      return name.matches("[a-zA-Z0-9._-]{1,249}") && !name.matches("\\.\\.?");
    }

    public Kafka {
      partitions = List.copyOf(partitions);
      shape = List.copyOf(shape);
      columns = List.copyOf(columns);
      classes = List.copyOf(classes);
      mean = List.copyOf(mean);
      deviation = List.copyOf(deviation);
      long features = features(shape);
      int groups = columns.isEmpty() && !shape.isEmpty() ? shape.get(0) : columns.size();
      new Rules()
          .require("topic", topic, isTopic(topic), TOPIC_RULE)
          .require(
              "partitions",
              partitions,
              Set.copyOf(partitions).size() == partitions.size()
                  && partitions.stream().allMatch(partition -> partition >= 0),
              "numbers of partitions from 0, each once, or [] for all")
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
              classes.size() <= 10 ? classes : classes.size(),
              classes.size() >= 2
                  && classes.size() <= MAX_CLASSES
                  && Set.copyOf(classes).size() == classes.size(),
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
          .require(
              "hold-out",
              holdOut,
              holdOut > 0 && holdOut <= 0.5,
              "above 0% and at most 50%: a stream has no other examples to evaluate on")
          .require(
              "window",
              window,
              window >= 1 && window * features <= MAX_WINDOW_VALUES,
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

    private static boolean fits(List<Double> values, int groups) {
      return values.size() == 1 || values.size() == groups;
    }

    @Override
    public String kind() {
      return "kafka";
    }

    @Override
    public Optional<List<Integer>> knownShape() {
      return Optional.of(shape);
    }

    /** Which record of a topic is a run's first. */
    public enum Start {
      /** The oldest that the topic holds. */
      EARLIEST,
      /** Those that are written after the run began. */
      LATEST
    }
  }

  /**
   * A text whose next token is learned at each place of its windows.
   *
   * @param path a file, or a folder whose files are read as one text in the order of their names;
   *     empty for the bundled text
   * @param context tokens of a window
   * @param stride tokens from the start of a window to that of the next
   * @param test share of the text, from its end, that makes the test set
   */
  public record Text(
      Optional<Path> path, Vocabulary vocabulary, int context, int stride, double test)
      implements Source {
    /** The longest window. */
    public static final int MAX_CONTEXT = 65_536;

    public Text {
      new Rules()
          .require(
              "context",
              context,
              context >= 1 && context <= MAX_CONTEXT,
              "from 1 to " + MAX_CONTEXT)
          .require("stride", stride, stride >= 1 || context < 1, "1 or more")
          .require("test", test, test > 0 && test < 1, "above 0% and below 100%")
          .verify();
    }

    /** Whether a token is in more than one window. */
    public boolean overlaps() {
      return stride < context;
    }

    @Override
    public String kind() {
      return "text";
    }

    @Override
    public Optional<List<Integer>> knownShape() {
      return Optional.of(List.of(1, 1, context));
    }

    @Override
    public Map<String, Path> files() {
      return joined(pathOf(path), vocabulary.files());
    }
  }

  /**
   * Texts with a label each.
   *
   * @param path a CSV file with a text in each row, or a folder with one folder of text files per
   *     class, or with folders {@code train} and {@code test} that hold these; empty for the verses
   *     of the bundled text by their books
   * @param columns of a CSV file; empty for a folder
   * @param context tokens of an example: longer texts are cut, shorter ones filled up
   */
  public record LabelledText(
      Optional<Path> path,
      Optional<TextColumns> columns,
      Vocabulary vocabulary,
      int context,
      TestSet test)
      implements Source {
    public LabelledText {
      new Rules()
          .require(
              "context",
              context,
              context >= 1 && context <= Text.MAX_CONTEXT,
              "from 1 to " + Text.MAX_CONTEXT)
          .require(
              "path",
              "none",
              path.isPresent() || columns.isEmpty(),
              "given with text and label: the CSV file that has these columns")
          .require(
              "test-path",
              test,
              columns.isPresent() || test instanceof TestSet.Share,
              "left away for folders: a folder test beside train holds the test set")
          .verify();
    }

    @Override
    public String kind() {
      return "labelled-text";
    }

    @Override
    public Optional<List<Integer>> knownShape() {
      return Optional.of(List.of(1, 1, context));
    }

    @Override
    public Map<String, Path> files() {
      Map<String, Path> tests =
          test instanceof TestSet.File file ? Map.of("test-path", file.path()) : Map.of();
      return joined(joined(pathOf(path), tests), vocabulary.files());
    }
  }

  /**
   * Columns of a CSV file of texts, by name or index.
   *
   * @param separator between cells; empty if the file shows it
   */
  public record TextColumns(String text, String label, Optional<Character> separator) {}

  /** What the tokens of a text are. */
  public sealed interface Vocabulary {
    /** Files that it names, by the key below {@code data}. */
    default Map<String, Path> files() {
      return Map.of();
    }

    /** The characters that occur in the training part, numbered in the order of Unicode. */
    record Characters() implements Vocabulary {}

    /** Bytes, in any encoding of the text. */
    record Bytes() implements Vocabulary {}

    /** Those of a {@code tokenizer.json}, as Hugging Face's libraries write it. */
    record Tokenizer(Path path) implements Vocabulary {
      @Override
      public Map<String, Path> files() {
        return Map.of("vocabulary.path", path);
      }
    }
  }

  /** A user's source. */
  public record Custom(MemberSettings settings) implements Source {
    @Override
    public String kind() {
      return settings.name();
    }

    @Override
    public Map<String, Path> files() {
      return settings.paths();
    }
  }

  /** The test examples of a CSV source. */
  public sealed interface TestSet {
    /** A share of the rows, drawn with the run's seed. */
    record Share(double share) implements TestSet {
      public Share {
        new Rules()
            .require("test", share, share > 0 && share < 1, "above 0% and below 100%")
            .verify();
      }
    }

    /** A separate file with the same columns. */
    record File(Path path) implements TestSet {}
  }
}
