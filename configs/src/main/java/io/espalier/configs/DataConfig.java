package io.espalier.configs;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
            !(source instanceof TextConfig.Text text) || !text.overlaps() || validation == 0,
            "left away where windows overlap, as those held out would be trained on: give a stride of context or more")
        .require(
            "validation",
            validation,
            !(source instanceof KafkaConfig) || validation == 0,
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
            !(source instanceof KafkaConfig) || onlyClasses.isEmpty(),
            "left away for a stream, whose classes are declared")
        .require(
            "only-classes",
            onlyClasses,
            !(source instanceof TextConfig.Text) || onlyClasses.isEmpty(),
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
    return source instanceof Csv
        || (source instanceof KafkaConfig kafka
            && kafka.content() instanceof KafkaConfig.Numbers numbers
            && !numbers.columns().isEmpty());
  }

  static Map<String, Path> pathOf(Optional<Path> path) {
    return path.map(present -> Map.of("path", present)).orElse(Map.of());
  }

  private static boolean isText(Source source) {
    return source instanceof TextConfig
        || (source instanceof KafkaConfig kafka && kafka.content() instanceof KafkaConfig.Texts);
  }

  public sealed interface Source
      permits Csv, Custom, Digits, FashionMnist, Idx, Images, KafkaConfig, TextConfig {
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
          .requireTestShare(test)
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
      new Rules().requireTestShare(test).verify();
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
      new Rules().requireTestShare(test).verify();
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
        new Rules().requireTestShare(share).verify();
      }
    }

    /** A separate file with the same columns. */
    record File(Path path) implements TestSet {}
  }
}
