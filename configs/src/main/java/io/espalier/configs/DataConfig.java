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
 * @param augmentation how training batches vary their images
 */
public record DataConfig(
    Source source, int batchSize, double validation, AugmentationConfig augmentation) {
  public DataConfig {
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
            !(source instanceof Csv) || augmentation.equals(AugmentationConfig.NONE),
            "left away for a table: only images can be flipped and cropped")
        .verify();
  }

  /** Examples that are trained on as they are. */
  public DataConfig(Source source, int batchSize, double validation) {
    this(source, batchSize, validation, AugmentationConfig.NONE);
  }

  /** Where examples come from. */
  public sealed interface Source {
    /** The name that a recipe uses. */
    String kind();
  }

  /**
   * Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017) as four IDX files, gzipped or not.
   *
   * @param path directory of the files; without it the home and the system's data sets are searched
   * @param mirror where to fetch what is found nowhere; not used if there is a path
   */
  public record FashionMnist(Optional<Path> path, Optional<MirrorConfig> mirror) implements Source {
    /** The files of a directory, or those already installed. */
    public FashionMnist(Optional<Path> path) {
      this(path, Optional.empty());
    }

    @Override
    public String kind() {
      return "fashion-mnist";
    }
  }

  /**
   * Images and labels as IDX files, named as MNIST names them.
   *
   * @param path directory of the files; what it holds is used and nothing is fetched
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
  }

  /** The place of the channels in an image of rank 3. */
  public enum ChannelOrder {
    /** {@code [channels, height, width]}. */
    FIRST,
    /** {@code [height, width, channels]}. */
    LAST
  }

  /**
   * The bundled handwritten digits (Alpaydin and Kaynak, 1998): 1,797 images of 8×8.
   *
   * @param test share of the examples that makes the test set
   */
  public record Digits(double test) implements Source {
    public Digits {
      new Rules().require("test", test, test > 0 && test < 1, "above 0% and below 100%").verify();
    }

    @Override
    public String kind() {
      return "digits";
    }
  }

  /** A CSV file with a header row; every column but the label is a number. */
  public record Csv(Path path, String label, TestSet test) implements Source {
    @Override
    public String kind() {
      return "csv";
    }
  }

  /** A source that the user brings. */
  public record Custom(CustomSettings settings) implements Source {
    @Override
    public String kind() {
      return settings.name();
    }
  }

  /** Which examples of a CSV source are kept for the test. */
  public sealed interface TestSet {
    /** A share of the rows, drawn with the run's seed. */
    record Share(double share) implements TestSet {
      public Share {
        new Rules()
            .require("test", share, share > 0 && share < 1, "above 0% and below 100%")
            .verify();
      }
    }

    /** A file of its own, with the same columns. */
    record File(Path path) implements TestSet {}
  }
}
